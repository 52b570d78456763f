<#
.SYNOPSIS
Trains a 2D Unet for axons and myelin on scanning electron microscopy and measures it on the rat left out.

.DESCRIPTION
Two classes, PNG in and PNG out. Images are resampled to 0.2 µm and cropped to a middle that holds the whole image of the rat
left out, so that a small network learns on two cores in minutes. The dataset is axondeepseg/data_axondeepseg_sem.

.PARAMETER DataPath
The BIDS dataset.

.PARAMETER OutputPath
Folder for the model, the predictions and one overlay per image.

.PARAMETER TestRat
The participant left for testing.

.PARAMETER Epochs
How long to train.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
medseg examples/sem-axons.ps1 -DataPath ./data/sem-axons -OutputPath ./sem-output
#>
param(
    [Parameter(Mandatory)] [string] $DataPath,
    [Parameter(Mandatory)] [string] $OutputPath,
    [string] $TestRat = 'sub-rat2',
    [int] $Epochs = 80,
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)

$dataset = Import-BidsDataset $DataPath -Contrast SEM -TargetSuffix _seg-axon-manual, _seg-myelin-manual -Extension .png
$config = New-SegConfig sem-axon-myelin -Dataset $dataset -TargetSuffix _seg-axon-manual, _seg-myelin-manual `
    -Resample 0.0002 -CropSize 448, 608 -Depth 4 -FilterCount 8 -DropoutRate 0 -BatchSize 1 -LearningRate 0.005 -Epoch $Epochs `
    -Seed 6 -TrainFraction 0.6 -Set @{
    'split_dataset.data_testing.data_type'      = 'participant_id'
    'split_dataset.data_testing.data_value'     = @($TestRat)
    'default_model.final_activation'            = 'softmax'
    'transformation.RandomReverse.applied_to'   = 'im', 'gt'
    'transformation.RandomReverse.dataset_type' = @('training')
}

$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Device $Device -Seed 6
$model | Format-Table
. "$PSScriptRoot/Show-Result.ps1" -Model $model -Dataset $dataset -OutputPath $OutputPath -Device $Device
