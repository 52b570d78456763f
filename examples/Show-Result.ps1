# Predicts the test images of a model, prints the metrics with the mean Dice of each class, and writes one overlay per image.
# The other examples call it; it needs only PowerShell's core cmdlets and Format-Table.
param(
    [Parameter(Mandatory)] $Model,
    [Parameter(Mandatory)] $Dataset,
    [Parameter(Mandatory)] [string] $OutputPath,
    [string] $Device = 'Auto'
)

$predictions = @(Invoke-SegPrediction -Model $Model -Dataset $Dataset -Device $Device -OutputPath ([System.IO.Path]::Combine($OutputPath, 'predictions')))
$metrics = @($predictions | Measure-SegMetrics)
$metrics | Format-Table
foreach ($picture in @($predictions | Export-SegOverlay -OutputPath ([System.IO.Path]::Combine($OutputPath, 'overlays')))) {
    'Overlay: {0}' -f $picture.FullName
}
foreach ($class in $Model.Classes) {
    $rows = @($metrics | Where-Object Class -EQ $class)
    $sum = 0.0
    foreach ($row in $rows) { $sum += $row.Dice }
    'Mean Dice of {0} on {1} held-out images: {2:0.000}' -f $class, $rows.Count, ($sum / $rows.Count)
}
$total = 0.0
foreach ($epoch in $Model.History) { $total += $epoch.Seconds }
'{0} epochs, {1:0.00} s each; training took {2:0} s' -f $Model.History.Count, ($total / $Model.History.Count), $Model.WallTime.TotalSeconds
