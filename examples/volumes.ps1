<#
.SYNOPSIS
Segmentation in three dimensions on made-up data: dataset, Modified3DUNet on 3D patches, prediction, metrics, picture.

.DESCRIPTION
Creates a phantom dataset of volumes, trains a small Modified3DUNet on patches, predicts the subjects it has not seen with patches
that overlap, prints the metrics and writes an overlay. Takes about a minute on two cores and no graphics processor. Fails when the mean Dice is
not above 0.8.

.PARAMETER OutputPath
Folder for everything that is made; it must not exist or be empty. By default a new one in the temporary folder.

.PARAMETER Epochs
How long to train.

.PARAMETER Device
Auto, Cpu, Cuda or Cuda:N.

.EXAMPLE
dotnet run --project src/Shell -c Release -- examples/volumes.ps1

.EXAMPLE
./examples/volumes.ps1 -OutputPath ./volumes-output -Epochs 20
#>
param(
    [string] $OutputPath,
    [int] $Epochs = 10,
    [string] $Device = 'Auto'
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
if (-not $OutputPath) {
    $OutputPath = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'medseg-volumes-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
}
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)
$clock = [System.Diagnostics.Stopwatch]::StartNew()

# 1. A dataset: six necks of 48 x 48 x 24 voxels.
$dataset = New-BidsPhantom ([System.IO.Path]::Combine($OutputPath, 'dataset')) -Subjects 6 -Contrast T2w -Size 48, 48, 24 -Seed 1
$dataset | Format-Table

# 2. A configuration. Sides of patches are multiples of 16; neighbours share half of a patch along the depth. For a Unet in three
#    dimensions instead, set default_model.is_2d to false and give length_3D and stride_3D there.
$config = New-SegConfig volumes -Dataset $dataset -TargetSuffix _seg-cord -Network Modified3DUNet -DropoutRate 0.1 -BatchSize 1 `
    -Epoch $Epochs -LearningRate 0.01 -TrainFraction 0.5 -TestFraction 0.34 -Set @{
    'Modified3DUNet.length_3D' = 48, 48, 16
    'Modified3DUNet.stride_3D' = 48, 48, 8
    'Modified3DUNet.n_filters' = 4
}

# 3. Training.
$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Seed 1 -Device $Device
$model | Format-Table

# 4. Prediction with patches that share 12 voxels along the depth, and the comparison with the labels.
$predictions = @(Invoke-SegPrediction -Model $model -Dataset $dataset -PatchOverlap 0, 0, 12 -Device $Device `
    -OutputPath ([System.IO.Path]::Combine($OutputPath, 'predictions')))
$metrics = @($predictions | Measure-SegMetrics)
$metrics | Format-Table

# 5. A picture to look at: the first prediction on its image.
$picture = $predictions[0] | Export-SegOverlay -OutputPath ([System.IO.Path]::Combine($OutputPath, 'overlay.png'))

$sum = 0.0
foreach ($row in $metrics) { $sum += $row.Dice }
$mean = $sum / $metrics.Count
'Mean Dice on {0} held-out volumes: {1:0.000}' -f $predictions.Count, $mean
'Overlay: {0}' -f $picture.FullName
'Model: {0}' -f $model.Path
'Took {0:0} s' -f $clock.Elapsed.TotalSeconds
if (-not ($mean -gt 0.8)) { throw "The mean Dice is $mean; above 0.8 is expected." }
