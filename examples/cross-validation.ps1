<#
.SYNOPSIS
Cross-validates a small network on made-up data, measures every subject by the model that has not seen it, and predicts with the ensemble.

.DESCRIPTION
Creates a phantom dataset, trains one model per fold, prints the validation figures with mean and standard deviation, predicts each
subject out of fold, prints mean and standard deviation of its Dice, and segments new subjects with all models together. When it is stopped,
the same call with -Resume goes on. Takes a minute or two on two cores.

.PARAMETER OutputPath
Folder for everything that is made; it must not exist or be empty, unless -Resume is given. By default a new one in the temporary folder.

.PARAMETER Folds
How many parts; each is kept out by one model.

.PARAMETER Epochs
How long to train each model.

.PARAMETER Resume
Go on with a cross-validation that was stopped.

.EXAMPLE
medseg examples/cross-validation.ps1 -OutputPath ./cross-validation

.EXAMPLE
medseg examples/cross-validation.ps1 -OutputPath ./cross-validation -Resume
#>
param(
    [string] $OutputPath,
    [int] $Folds = 4,
    [int] $Epochs = 15,
    [switch] $Resume
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Import-MedSeg.ps1"
if (-not $OutputPath) {
    $OutputPath = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'medseg-folds-' + [guid]::NewGuid().ToString('N').Substring(0, 8))
}
$OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)

# 1. Eight subjects to learn from, and two new ones.
$data = [System.IO.Path]::Combine($OutputPath, 'dataset')
$dataset = if ($Resume) { Import-BidsDataset $data } else { New-BidsPhantom $data -Subjects 8 -Contrast T2w -Size 48, 48, 6 -Seed 1 }
$others = [System.IO.Path]::Combine($OutputPath, 'others')
$new = if ([System.IO.Directory]::Exists($others)) { Import-BidsDataset $others } else { New-BidsPhantom $others -Subjects 2 -Contrast T2w -Size 48, 48, 6 -Seed 2 }

# 2. One model per fold. Each is there as soon as it is trained; the summary comes last.
$config = New-SegConfig folds -Dataset $dataset -TargetSuffix _seg-cord -Depth 2 -FilterCount 8 -DropoutRate 0.1 -BatchSize 2 -Epoch $Epochs -LearningRate 0.02
$training = [System.IO.Path]::Combine($OutputPath, 'training')
$result = @($dataset | Start-SegTraining -Config $config -OutputPath $training -Fold $Folds -Resume:$Resume)
$summary = $result[-1]
$summary.Ensemble.Members | Format-Table
$summary.Metrics | Format-Table

# 3. Every subject by the model that was trained without it: this is the result to report.
$metrics = @(Invoke-SegPrediction -Model $summary | Measure-SegMetrics)
$metrics | Format-Table
$sum = 0.0
foreach ($row in $metrics) { $sum += $row.Dice }
$mean = $sum / $metrics.Count
$squares = 0.0
foreach ($row in $metrics) { $squares += ($row.Dice - $mean) * ($row.Dice - $mean) }
'Dice out of fold: {0:0.000} ± {1:0.000} on {2} images' -f $mean, [math]::Sqrt($squares / ($metrics.Count - 1)), $metrics.Count

# 4. New subjects by all models together. A warning says that subjects of these names have been seen: phantoms are always called sub-01, sub-02 …
$new | Invoke-SegPrediction -Model $summary -OutputPath ([System.IO.Path]::Combine($OutputPath, 'masks')) | Measure-SegMetrics | Format-Table
if (-not ($mean -gt 0.7)) { throw "The mean Dice is $mean; above 0.7 is expected." }
