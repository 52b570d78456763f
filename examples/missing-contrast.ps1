<#
.SYNOPSIS
Trains HeMISUnet on several contrasts and measures it with all of them, with each one missing, and with each one alone.

.DESCRIPTION
Without -DataPath on made-up data, of which one subject has lost a contrast before training. The contrasts of a dataset of your own
must lie on one grid.

.PARAMETER OutputPath
Folder for everything that is made.

.PARAMETER DataPath
A BIDS dataset; by default one is made up.

.PARAMETER Contrast
The contrasts that become channels.

.PARAMETER TargetSuffix
The label to learn.

.PARAMETER Epochs
How long to train.

.PARAMETER Seed
Of the weights, the order of the slices, and what is hidden.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
medseg examples/missing-contrast.ps1 -OutputPath ./missing-output

.EXAMPLE
medseg examples/missing-contrast.ps1 -DataPath ./data/spine-mri -Contrast T1w, T2w, T2star -TargetSuffix _seg-manual -OutputPath ./missing-output
#>
param(
    [Parameter(Mandatory)] [string] $OutputPath,
    [string] $DataPath,
    [string[]] $Contrast = @('T1w', 'T2w'),
    [string] $TargetSuffix = '_seg-cord',
    [int] $Epochs = 30,
    [int] $Seed = 1,
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)
if (-not $DataPath) {
    $DataPath = [System.IO.Path]::Combine($OutputPath, 'dataset')
    $null = New-BidsPhantom $DataPath -Subjects 10 -Contrast $Contrast -Size 48, 48, 8 -Seed 1
    Remove-Item ([System.IO.Path]::Combine($DataPath, 'sub-02', 'anat', "sub-02_$($Contrast[0]).nii.gz"))
}

$dataset = Import-BidsDataset $DataPath -Contrast $Contrast -TargetSuffix $TargetSuffix
$config = New-SegConfig hemis -Dataset $dataset -Network HeMISUnet -TargetSuffix $TargetSuffix -Depth 2 -FilterCount 8 -DropoutRate 0.1 `
    -BatchSize 8 -Epoch $Epochs -LearningRate 0.005 -CropSize 48 -Set @{
    'loader_parameters.multichannel'                        = $true
    'loader_parameters.contrast_params.training_validation' = $Contrast
    'HeMISUnet.missing_probability'                         = 0.1
    'HeMISUnet.missing_probability_growth'                  = 0.9
}
$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Device $Device -Seed $Seed
$model | Format-Table

# All contrasts, all but one, and each alone.
$choices = @(, $Contrast)
foreach ($one in $Contrast) {
    if ($Contrast.Count -gt 2) { $choices += , @($Contrast | Where-Object { $_ -ne $one }) }
    $choices += , @($one)
}

foreach ($chosen in $choices) {
    $name = $chosen -join '+'
    $some = Import-BidsDataset $DataPath -Contrast $chosen -TargetSuffix $TargetSuffix -WarningAction SilentlyContinue
    $predictions = @(Invoke-SegPrediction -Model $model -Dataset $some -Split Test -Device $Device -WarningAction SilentlyContinue `
        -OutputPath ([System.IO.Path]::Combine($OutputPath, 'predictions', $name)))
    $sum = 0.0
    $metrics = @($predictions | Measure-SegMetrics)
    foreach ($row in $metrics) { $sum += $row.Dice }
    'Mean Dice of {0} images with {1} (missing: {2}): {3:0.000}' -f $metrics.Count, $name, ($predictions[0].MissingContrasts -join ', '), ($sum / $metrics.Count)
}
