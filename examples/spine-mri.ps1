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
$config = New-SegConfig -Dataset $dataset -Set @{
    'model_name'                                               = 'spine-cord'
    'loader_parameters.target_suffix'                          = @('_seg-manual')
    'loader_parameters.slice_axis'                             = 'axial'
    'loader_parameters.slice_filter_params.filter_empty_mask'  = $true
    'loader_parameters.slice_filter_params.filter_empty_input' = $true
    'split_dataset.random_seed'                                = 6
    'split_dataset.data_testing.data_type'                     = 'participant_id' # sub-unf02 has no T1w label: it validates.
    'split_dataset.data_testing.data_value'                    = @('sub-unf03')
    'split_dataset.train_fraction'                             = 0.6
    'split_dataset.test_fraction'                              = 0.2
    'default_model.depth'                                      = 3
    'default_model.n_filters'                                  = 16
    'default_model.dropout_rate'                               = 0.3
    'training_parameters.batch_size'                           = 8
    'training_parameters.loss.name'                            = 'DiceLoss'
    'training_parameters.training_time.num_epochs'             = $Epochs
    'training_parameters.scheduler.initial_lr'                 = 0.005
    'training_parameters.scheduler.lr_scheduler.name'          = 'CosineAnnealingLR'
    'transformation.Resample.hspace'                           = 0.75
    'transformation.Resample.wspace'                           = 0.75
    'transformation.CenterCrop.size'                           = 128, 128
    'transformation.NormalizeInstance.applied_to'              = @('im')
}

$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Device $Device -Seed $Seed
$model | Format-Table
. "$PSScriptRoot/Show-Result.ps1" -Model $model -Dataset $dataset -OutputPath $OutputPath -Device $Device
