BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    function New-TestMask([string] $Name, [byte[]] $Voxels, [int[]] $Size = @(4, 2, 1), [single[]] $Spacing = @(1, 2, 3)) {
        # A NIfTI-1 file of uint8, without an affine.
        $header = [byte[]]::new(352)
        $writer = [System.IO.BinaryWriter]::new([System.IO.MemoryStream]::new($header))
        $writer.Write([int] 348)
        $writer.BaseStream.Position = 40
        foreach ($value in @(3) + $Size + @(1, 1, 1, 1)) { $writer.Write([int16] $value) }
        $writer.BaseStream.Position = 70
        $writer.Write([int16] 2)
        $writer.Write([int16] 8)
        $writer.BaseStream.Position = 76
        foreach ($value in @(1) + $Spacing) { $writer.Write([single] $value) }
        $writer.BaseStream.Position = 108
        $writer.Write([single] 352)
        $writer.BaseStream.Position = 123
        $writer.Write([byte] 2)
        $writer.BaseStream.Position = 344
        $writer.Write([System.Text.Encoding]::ASCII.GetBytes("n+1`0"))
        $writer.Dispose()
        $path = [System.IO.Path]::Combine($TestDrive, $Name)
        [System.IO.File]::WriteAllBytes($path, $header + $Voxels)
        $path
    }

    function New-TestPrediction([string] $Path, [string] $Reference) {
        $class = [MedSeg.SegPredictedClass]::new('cord', '_seg-cord', $Path, $null, $(if ($Reference) { $Reference } else { [NullString]::Value }), 1, 1)
        [MedSeg.SegPrediction] @{
            ImagePath = 'sub-01_T2w.nii.gz'; ImageId = 'sub-01_T2w'; Subject = 'sub-01'; Contrast = 'T2w'; ModelName = 'model'
            ModelPath = 'model'; Threshold = 0.5; Classes = [MedSeg.SegPredictedClass[]] @($class); OutputPath = "$TestDrive"; WallTime = [timespan]::Zero
        }
    }

    $prediction = New-TestMask 'sub-01_T2w_pred.nii' @(1, 1, 0, 0, 0, 0, 0, 0)
    $reference = New-TestMask 'sub-01_T2w_seg.nii' @(0, 1, 1, 0, 0, 0, 0, 0)
    $larger = New-TestMask 'larger.nii' ([byte[]]::new(12)) @(6, 2, 1)
    $empty = New-TestMask 'empty.nii' ([byte[]]::new(8))
}

Describe 'Measure-SegMetrics' {
    It 'compares a pair of files' {
        $metrics = Measure-SegMetrics -Prediction $prediction -Reference $reference -Class 'cord'
        $metrics | Should -HaveCount 1
        $metrics | Should -BeOfType [MedSeg.SegMetrics]
        $metrics.Dice | Should -Be 0.5
        $metrics.Precision | Should -Be 0.5
        $metrics.PredictionVolume | Should -Be 12
        $metrics.RelativeVolumeDifference | Should -Be 0
        $metrics.Hausdorff | Should -Be 1
        $metrics.ImageId | Should -BeExactly 'sub-01_T2w_pred'
        $metrics.Subject | Should -BeExactly 'sub-01'
        $metrics.Class | Should -BeExactly 'cord'
        $metrics.PredictionPath | Should -BeExactly $prediction
    }

    It 'has an alias in the singular' {
        (Measure-SegMetric $prediction $reference).IoU | Should -BeGreaterThan 0.33
    }

    It 'takes paths on PowerShell drives' {
        (Measure-SegMetrics 'TestDrive:/sub-01_T2w_pred.nii' 'TestDrive:/sub-01_T2w_seg.nii').Dice | Should -Be 0.5
    }

    It 'takes predictions from the pipeline' {
        $metrics = New-TestPrediction $prediction $reference | Measure-SegMetrics
        $metrics.Dice | Should -Be 0.5
        $metrics.ImageId | Should -BeExactly 'sub-01_T2w'
        $metrics.Contrast | Should -BeExactly 'T2w'
        $metrics.Class | Should -BeExactly 'cord'
    }

    It 'takes pairs from properties' {
        $rows = [pscustomobject] @{ Prediction = $prediction; Reference = $reference }, [pscustomobject] @{ Prediction = $reference; Reference = $reference }
        ($rows | Measure-SegMetrics).Dice | Should -Be 0.5, 1
    }

    It 'pairs arrays in order' {
        (Measure-SegMetrics $prediction, $reference $reference, $reference).Dice | Should -Be 0.5, 1
    }

    It 'gives NaN where a figure is not defined' {
        $metrics = Measure-SegMetrics $empty $empty
        [double]::IsNaN($metrics.Dice) | Should -BeTrue
        [double]::IsNaN($metrics.Hausdorff) | Should -BeTrue
    }

    It 'compares with the labels of the first rater who has labelled the image' {
        $data = New-BidsPhantom ([System.IO.Path]::Combine($TestDrive, 'raters')) -Subjects 4 -Contrast T2w -Size 24, 24, 3
        $labels = [System.IO.Path]::Combine($data.Roots[0], 'derivatives', 'labels')
        [System.IO.File]::Delete([System.IO.Path]::Combine($labels, 'sub-02', 'anat', 'sub-02_T2w_seg-cord.nii.gz'))
        $config = [System.IO.Path]::Combine($TestDrive, 'raters.json')
        [System.IO.File]::WriteAllText($config, @'
{
  "model_name": "raters",
  "loader_parameters": {
    "target_suffix": [["_seg-cord", "_seg-csf"]], "contrast_params": { "training_validation": ["T2w"], "testing": ["T2w"] }
  },
  "default_model": { "name": "Unet", "depth": 2, "n_filters": 4 },
  "training_parameters": { "batch_size": 4, "training_time": { "num_epochs": 1 } }
}
'@)
        $model = Import-BidsDataset $data.Roots[0] -Config $config |
            Start-SegTraining $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'run')) -Device Cpu -WarningAction SilentlyContinue
        $metrics = Invoke-SegPrediction $model -Split All -OutputPath ([System.IO.Path]::Combine($TestDrive, 'out')) -Device Cpu `
            -WarningAction SilentlyContinue | Measure-SegMetrics
        $metrics | Should -HaveCount 4
        foreach ($metric in $metrics) {
            $metric.Class | Should -BeExactly 'seg-cord'
            $suffix = if ($metric.Subject -eq 'sub-02') { '_seg-csf' } else { '_seg-cord' }
            [System.IO.Path]::GetFileName($metric.ReferencePath) | Should -BeExactly "$($metric.ImageId)$suffix.nii.gz"
        }
    }

    It 'writes an error for a prediction without reference and goes on' {
        $metrics = @((New-TestPrediction $prediction ''), (New-TestPrediction $prediction $reference)) |
            Measure-SegMetrics -ErrorAction SilentlyContinue -ErrorVariable problems
        $metrics | Should -HaveCount 1
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NoReference,*'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'writes an error for a pair that cannot be compared and goes on' {
        $metrics = Measure-SegMetrics $larger, $prediction, 'missing.nii', $prediction $reference, $larger, $reference, $reference `
            -ErrorAction SilentlyContinue -ErrorVariable problems
        $metrics | Should -HaveCount 1
        $problems | Should -HaveCount 3
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MaskShapeMismatch,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $problems[2].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'does not pair arrays of different lengths' {
        { Measure-SegMetrics $prediction, $prediction $reference -ErrorAction Stop } | Should -Throw -ErrorId 'PairsIncomplete,*'
    }

    It 'leaves its files open for others' {
        $null = Measure-SegMetrics $prediction $reference
        [System.IO.File]::Open($prediction, 'Open', 'ReadWrite', 'None').Dispose()
        $prediction | Should -Exist
    }
}
