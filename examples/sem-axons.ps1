<#
.SYNOPSIS
Trains 2D Unets for axons and myelin on scanning electron microscopy, and measures each on the rat left out.

.DESCRIPTION
Two classes, PNG in and PNG out. Images are resampled to 0.2 µm and cut into patches, so that a small network learns on two cores in
minutes. The rats of TestRat are left out in turn; of the other four, three train and one, which the seed draws, chooses the epoch. The
dataset is axondeepseg/data_axondeepseg_sem.

.PARAMETER DataPath
The BIDS dataset.

.PARAMETER OutputPath
Folder for the models, the predictions, one overlay per image and results.csv.

.PARAMETER TestRat
The participants left for testing, each in turn.

.PARAMETER Seed
Of the weights, the order and augmentation of the patches and the rat for validation; one training per rat and seed.

.PARAMETER Epochs
How long to train.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
medseg examples/sem-axons.ps1 -DataPath ./data/sem-axons -OutputPath ./sem-output -TestRat sub-rat2

One rat: two minutes on two cores.

.EXAMPLE
medseg examples/sem-axons.ps1 -DataPath ./data/sem-axons -OutputPath ./sem-output -Seed 1,2,3

Every rat with three seeds: half an hour. A training that was stopped goes on, and finished ones are not repeated.
#>
param(
    [Parameter(Mandatory)] [string] $DataPath,
    [Parameter(Mandatory)] [string] $OutputPath,
    [string[]] $TestRat = @('sub-rat1', 'sub-rat2', 'sub-rat3', 'sub-rat4', 'sub-rat5'),
    [string[]] $Seed = @('1'),
    [int] $Epochs = 40,
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)
# On a command line outside PowerShell a list arrives as one text.
$TestRat = @($TestRat -split ',' | ForEach-Object { $_.Trim() })
$Seed = @($Seed -split ',' | ForEach-Object { $_.Trim() })
$suffix = '_seg-axon-manual', '_seg-myelin-manual'
$dataset = Import-BidsDataset $DataPath -Contrast SEM -TargetSuffix $suffix -Extension .png

$rows = @(
    foreach ($rat in $TestRat) {
        foreach ($number in $Seed) {
            $config = New-SegConfig sem-axon-myelin -Dataset $dataset -TargetSuffix $suffix -Resample 0.0002 -Depth 4 -FilterCount 8 `
                -DropoutRate 0 -BatchSize 8 -LearningRate 0.005 -Epoch $Epochs -Seed $number -TrainFraction 0.6 -Set @{
                'split_dataset.data_testing.data_type'             = 'participant_id'
                'split_dataset.data_testing.data_value'            = @($rat)
                'default_model.length_2D'                          = 192, 192
                'default_model.stride_2D'                          = 192, 192
                'default_model.final_activation'                   = 'softmax'
                'training_parameters.scheduler.lr_scheduler.name'  = 'CosineAnnealingLR'
                'transformation.RandomReverse.applied_to'          = 'im', 'gt'
                'transformation.RandomReverse.dataset_type'        = @('training')
                'transformation.RandomShiftIntensity.shift_range'  = -0.2, 0.2
                'transformation.RandomShiftIntensity.dataset_type' = @('training')
            }
            $folder = [System.IO.Path]::Combine($OutputPath, "$rat-$number")
            $resume = [System.IO.File]::Exists([System.IO.Path]::Combine($folder, 'split.json'))
            $model = $dataset | Start-SegTraining -Config $config -OutputPath $folder -Device $Device -Seed $number -Resume:$resume
            $predictions = @(Invoke-SegPrediction -Model $model -Dataset $dataset -PatchOverlap 48 -Device $Device `
                    -OutputPath ([System.IO.Path]::Combine($folder, 'predictions')))
            $null = @($predictions | Export-SegOverlay -OutputPath ([System.IO.Path]::Combine($folder, 'overlays')))
            foreach ($metric in @($predictions | Measure-SegMetrics)) {
                [pscustomobject]@{
                    Rat = $rat; Seed = $number; Image = $metric.ImageId; Class = $metric.Class; Dice = $metric.Dice
                    BestEpoch = $model.BestEpoch; Seconds = [Math]::Round($model.WallTime.TotalSeconds)
                }
            }
        }
    }
)
$rows | Format-Table

$lines = @('Rat,Seed,Image,Class,Dice,BestEpoch,Seconds') + @($rows | ForEach-Object {
        [string]::Format([cultureinfo]::InvariantCulture, '{0},{1},{2},{3},{4:0.0000},{5},{6}',
            $_.Rat, $_.Seed, $_.Image, $_.Class, $_.Dice, $_.BestEpoch, $_.Seconds) })
[System.IO.File]::WriteAllLines([System.IO.Path]::Combine($OutputPath, 'results.csv'), [string[]] $lines)

# The Dice of a rat is the mean over its images; ± is the standard deviation over the seeds.
function Show-Dice([string] $Title, [object[]] $Row) {
    $means = @(foreach ($number in $Seed) {
            $perRat = @(foreach ($rat in $TestRat) {
                    $sum = 0.0; $count = 0
                    foreach ($one in $Row) { if ($one.Rat -eq $rat -and $one.Seed -eq $number) { $sum += $one.Dice; $count++ } }
                    if ($count -gt 0) { $sum / $count }
                })
            $total = 0.0
            foreach ($value in $perRat) { $total += $value }
            $total / $perRat.Count
        })
    $mean = 0.0
    foreach ($value in $means) { $mean += $value / $means.Count }
    $square = 0.0
    foreach ($value in $means) { $square += ($value - $mean) * ($value - $mean) }
    if ($means.Count -gt 1) { '{0}: Dice {1:0.000} ± {2:0.000}' -f $Title, $mean, [Math]::Sqrt($square / ($means.Count - 1)) }
    else { '{0}: Dice {1:0.000}' -f $Title, $mean }
}
foreach ($class in $model.Classes) {
    foreach ($rat in $TestRat) { Show-Dice "$rat $class" @($rows | Where-Object { $_.Rat -eq $rat -and $_.Class -eq $class }) }
    Show-Dice "mean of the rats $class" @($rows | Where-Object Class -EQ $class)
}
