<#
.SYNOPSIS
The whole job once, on made-up data: dataset, configuration, training, prediction, metrics, picture.

.DESCRIPTION
Creates a phantom dataset, trains a small 2D Unet on two classes, predicts the subjects it has not seen, prints the metrics and
writes an overlay. Takes about a minute on two cores and no graphics processor. Fails when the mean Dice is not above 0.9.

.PARAMETER OutputPath
Folder for everything that is made; it must not exist or be empty. By default a new one in the temporary folder.

.PARAMETER Epochs
How long to train.

.EXAMPLE
dotnet run --project src/Shell -c Release -- examples/quickstart.ps1

.EXAMPLE
./examples/quickstart.ps1 -OutputPath ./quickstart-output
#>
param(
    [string] $OutputPath,
    [int] $Epochs = 12
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
if (-not $OutputPath) {
    $OutputPath = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'medseg-quickstart-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
}
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)
$clock = [System.Diagnostics.Stopwatch]::StartNew()

# 1. A dataset: ten necks in two contrasts, with labels of the spinal cord and the fluid around it.
$dataset = New-BidsPhantom ([System.IO.Path]::Combine($OutputPath, 'dataset')) -Subjects 10 -Contrast T1w, T2w -Seed 1
$dataset | Format-Table

# 2. A configuration: contrasts come from the dataset, the rest from here and from the defaults. A key without a parameter is
#    set by its name: softmax, because a voxel is either cord or fluid.
$config = New-SegConfig quickstart -Dataset $dataset -TargetSuffix _seg-cord, _seg-csf -Depth 2 -FilterCount 8 -DropoutRate 0.1 `
    -BatchSize 4 -Epoch $Epochs -LearningRate 0.005 -CropSize 64 -Set @{ 'default_model.final_activation' = 'softmax' }

# 3. Training. The result says where the packaged model lies and who trained, validated and is left for testing.
$model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($OutputPath, 'training')) -Seed 1
$model | Format-Table

# 4. Prediction of the subjects that training has not seen, and the comparison with their labels.
$predictions = @(Invoke-SegPrediction -Model $model -Dataset $dataset -OutputPath ([System.IO.Path]::Combine($OutputPath, 'predictions')))
$metrics = @($predictions | Measure-SegMetrics)
$metrics | Format-Table

# 5. A picture to look at: the first prediction on its image.
$picture = $predictions[0] | Export-SegOverlay -OutputPath ([System.IO.Path]::Combine($OutputPath, 'overlay.png'))

$sum = 0.0
foreach ($row in $metrics) { $sum += $row.Dice }
$mean = $sum / $metrics.Count
'Mean Dice on {0} held-out images: {1:0.000}' -f $predictions.Count, $mean
'Overlay: {0}' -f $picture.FullName
'Model: {0}' -f $model.Path
'Took {0:0} s' -f $clock.Elapsed.TotalSeconds
if (-not ($mean -gt 0.9)) { throw "The mean Dice is $mean; above 0.9 is expected." }
