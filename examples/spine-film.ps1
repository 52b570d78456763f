<#
.SYNOPSIS
Trains one Unet for the spinal cord on T1w, T2w and T2star MRI that is told the contrast of each image (FiLM).

.DESCRIPTION
As spine-mri.ps1, with a FiLMedUnet. -Metadata can be mri_params or a column of the dataset instead of the contrast.

.PARAMETER DataPath
The BIDS dataset.

.PARAMETER OutputPath
Folder for the model, the predictions and one overlay per image.

.PARAMETER Metadata
contrasts, mri_params, or a column of the tables or the JSON sidecars.

.PARAMETER Epochs
How long to train.

.PARAMETER Seed
Of the weights, the order of the slices and dropout.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
medseg examples/spine-film.ps1 -DataPath ./data/spine-mri -OutputPath ./film-output
#>
param(
    [Parameter(Mandatory)] [string] $DataPath,
    [Parameter(Mandatory)] [string] $OutputPath,
    [string] $Metadata = 'contrasts',
    [int] $Epochs = 60,
    [int] $Seed = 6,
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)

$dataset = Import-BidsDataset $DataPath -Contrast T1w, T2w, T2star -TargetSuffix _seg-manual
# sub-unf02 has no T1w label, so it validates and another subject is tested.
$config = New-SegConfig spine-film -Network FiLMedUnet -Dataset $dataset -TargetSuffix _seg-manual -SliceAxis axial -Resample 0.75 -CropSize 128 `
    -Depth 3 -FilterCount 16 -DropoutRate 0.3 -BatchSize 8 -LearningRate 0.005 -Epoch $Epochs `
    -Seed 6 -TrainFraction 0.6 -TestFraction 0.2 -Set @{
    'FiLMedUnet.metadata'                             = $Metadata
    'split_dataset.data_testing.data_type'            = 'participant_id'
    'split_dataset.data_testing.data_value'           = @('sub-unf03')
    'training_parameters.scheduler.lr_scheduler.name' = 'CosineAnnealingLR'
}

$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Device $Device -Seed $Seed
$model | Format-Table
$model.Film.Parts | Format-Table
. "$PSScriptRoot/Show-Result.ps1" -Model $model -Dataset $dataset -OutputPath $OutputPath -Device $Device
