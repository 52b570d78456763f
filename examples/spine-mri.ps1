<#
.SYNOPSIS
Trains a network for the spinal cord on T1w, T2w and T2star MRI and measures it on the subject left out.

.DESCRIPTION
Five ways to use three contrasts. The settings of Unet are those with which the reference toolbox reached a test Dice of 0.929 (T2w),
0.920 (T1w) and 0.855 (T2star) on ivadomed/data_functional_testing. Its three subjects are copies of one, so this checks the plumbing,
not the science.

.PARAMETER DataPath
The BIDS dataset.

.PARAMETER OutputPath
Folder for the models, the predictions and one overlay per image.

.PARAMETER Network
Unet: slices of any contrast. Channels: a Unet on slices with the contrasts as channels. FiLM: slices of any contrast, and which contrast it is.
HeMIS: the contrasts as channels, any of which may be missing. Modified3DUNet: patches of volumes with the contrasts as channels.

.PARAMETER Epochs
How long to train.

.PARAMETER Seed
Of the weights, the order of the slices and dropout; one training per seed.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
medseg examples/spine-mri.ps1 -DataPath ./data/spine-mri -OutputPath ./spine-output

.EXAMPLE
medseg examples/spine-mri.ps1 -DataPath ./data/spine-mri -OutputPath ./spine-hemis -Network HeMIS -Seed 1,2,3

Predicts also without each of the contrasts.
#>
param(
    [Parameter(Mandatory)] [string] $DataPath,
    [Parameter(Mandatory)] [string] $OutputPath,
    [ValidateSet('Unet', 'Channels', 'FiLM', 'HeMIS', 'Modified3DUNet')] [string] $Network = 'Unet',
    [int] $Epochs = 60,
    [string[]] $Seed = @('6'),
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)
# On a command line outside PowerShell a list arrives as one text.
$Seed = @($Seed -split ',' | ForEach-Object { $_.Trim() })

$dataset = Import-BidsDataset $DataPath -Contrast T1w, T2w, T2star -TargetSuffix _seg-manual
# sub-unf02 has no T1w label, so it validates and another subject is tested.
$set = @{
    'split_dataset.data_testing.data_type'            = 'participant_id'
    'split_dataset.data_testing.data_value'           = @('sub-unf03')
    'training_parameters.scheduler.lr_scheduler.name' = 'CosineAnnealingLR'
}
if ($Network -in 'Channels', 'HeMIS', 'Modified3DUNet') {
    # The contrasts' labels differ a little; the cord is drawn best on T2w.
    $set['loader_parameters.multichannel'] = $true
    $set['loader_parameters.target_contrast'] = 'T2w'
}
$shape = @{ SliceAxis = 'axial'; Resample = 0.75; CropSize = 128; Depth = 3; FilterCount = 16; BatchSize = 8; LearningRate = 0.005; DropoutRate = 0.3 }
switch ($Network) {
    'FiLM' {
        $set['FiLMedUnet.applied'] = $true
        $set['FiLMedUnet.metadata'] = 'contrasts'
        $set['FiLMedUnet.film_layers'] = 1, 1, 1, 1, 1, 1, 1, 1
    }
    'HeMIS' {
        $set['HeMISUnet.applied'] = $true
        $set['HeMISUnet.missing_probability'] = 0.00001
        $set['HeMISUnet.missing_probability_growth'] = 0.9
    }
    'Modified3DUNet' {
        $set['Modified3DUNet.applied'] = $true
        $set['Modified3DUNet.n_filters'] = 8
        $set['Modified3DUNet.length_3D'] = 64, 64, 16
        $set['Modified3DUNet.stride_3D'] = 32, 32, 16
        $set['default_model.is_2d'] = $false
        $shape = @{ Resample = 1, 1, 1; CropSize = 96, 96, 16; BatchSize = 2; LearningRate = 0.002; DropoutRate = 0.1 }
    }
}
$config = New-SegConfig spine-cord -Dataset $dataset -TargetSuffix _seg-manual -Epoch $Epochs -Seed 6 -TrainFraction 0.6 -TestFraction 0.2 @shape -Set $set

$models = @($dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Device $Device -Seed $Seed |
        Where-Object { $_.PSObject.Properties['Classes'] })
$models | Format-Table
$tested = @($dataset.Images | Where-Object Subject -EQ 'sub-unf03')
$label = @($tested | Where-Object Contrast -EQ 'T2w')[0].Labels['_seg-manual']
foreach ($model in $models) {
    $folder = if ($models.Count -eq 1) { $OutputPath } else { [System.IO.Path]::Combine($OutputPath, [System.IO.Path]::GetFileName($model.RunPath)) }
    & "$PSScriptRoot/Show-Result.ps1" -Model $model -Dataset $dataset -OutputPath $folder -Device $Device
    if ($Network -ne 'HeMIS') { continue }
    foreach ($missing in 'T1w', 'T2w', 'T2star') {
        $files = @($tested | Where-Object Contrast -NE $missing | ForEach-Object { $_.Path })
        $prediction = Invoke-SegPrediction -LiteralPath $files -Model $model -Device $Device -OutputPath ([System.IO.Path]::Combine($folder, "without-$missing"))
        $metric = Measure-SegMetrics -Prediction $prediction.Classes[0].Path -Reference $label
        'Dice without {0}: {1:0.000}' -f $missing, $metric.Dice
    }
}
