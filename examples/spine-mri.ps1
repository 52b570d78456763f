<#
.SYNOPSIS
Trains a 2D Unet for the spinal cord on T1w, T2w and T2star MRI and measures it on the subject left out.

.DESCRIPTION
The settings are those with which the reference toolbox reached a test Dice of 0.929 (T2w), 0.920 (T1w) and 0.855 (T2star) on
ivadomed/data_functional_testing. Its three subjects are copies of one, so this checks the plumbing, not the science.

.PARAMETER DataPath
The BIDS dataset.

.PARAMETER OutputPath
Folder for the model, the predictions and one overlay per image.

.PARAMETER Epochs
How long to train.

.PARAMETER Seed
Of the weights, the order of the slices and dropout.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
medseg examples/spine-mri.ps1 -DataPath ./data/spine-mri -OutputPath ./spine-output
#>
param(
    [Parameter(Mandatory)] [string] $DataPath,
    [Parameter(Mandatory)] [string] $OutputPath,
    [int] $Epochs = 60,
    [int] $Seed = 6,
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)

$dataset = Import-BidsDataset $DataPath -Contrast T1w, T2w, T2star -TargetSuffix _seg-manual
# sub-unf02 has no T1w label, so it validates and another subject is tested.
$config = New-SegConfig spine-cord -Dataset $dataset -TargetSuffix _seg-manual -SliceAxis axial -Resample 0.75 -CropSize 128 `
    -Depth 3 -FilterCount 16 -DropoutRate 0.3 -BatchSize 8 -LearningRate 0.005 -Epoch $Epochs `
    -Seed 6 -TrainFraction 0.6 -TestFraction 0.2 -Set @{
    'split_dataset.data_testing.data_type'            = 'participant_id'
    'split_dataset.data_testing.data_value'           = @('sub-unf03')
    'training_parameters.scheduler.lr_scheduler.name' = 'CosineAnnealingLR'
}

$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Device $Device -Seed $Seed
$model | Format-Table
. "$PSScriptRoot/Show-Result.ps1" -Model $model -Dataset $dataset -OutputPath $OutputPath -Device $Device
