BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    function Join([string[]] $Parts) { [System.IO.Path]::Combine([string[]] (@("$TestDrive") + $Parts)) }

    # A network and a number of epochs small enough for a test.
    $json = @'
{
  "model_name": "cord",
  "loader_parameters": { "target_suffix": ["_seg-cord"], "contrast_params": { "training_validation": ["T2w"], "testing": ["T2w"] } },
  "default_model": { "name": "Unet", "depth": 1, "n_filters": 2 },
  "training_parameters": { "batch_size": 4, "training_time": { "num_epochs": 1 }, "scheduler": { "initial_lr": 0.01 } }
}
'@
    $configPath = Join 'config.json'
    [System.IO.File]::WriteAllText($configPath, $json)
    $dataset = New-BidsPhantom (Join 'data') -Subjects 4 -Contrast T2w -Size 16, 16, 2
    $seeds = Join 'seeds'
    $seedResult = @($dataset | Start-SegTraining $configPath -OutputPath $seeds -Device Cpu -Seed 1, 2, 3)
    $folds = Join 'folds'
    $foldResult = @(Start-SegTraining $configPath -Dataset $dataset -OutputPath $folds -Device Cpu -Fold 4)
}

Describe 'Start-SegTraining with several seeds' {
    It 'gives one model each and a summary' {
        $seedResult | Should -HaveCount 4
        for ($i = 0; $i -lt 3; $i++) {
            $seedResult[$i] | Should -BeOfType ([MedSeg.SegModel])
            $seedResult[$i].RunPath | Should -Be ([System.IO.Path]::Combine($seeds, "seed-$($i + 1)"))
        }
        $seedResult[3] | Should -BeOfType ([MedSeg.SegTrainingSummary])
        $seedResult[3].Ensemble.Members | Should -HaveCount 3
        ($seedResult[3].Runs -join ' ') | Should -Be 'seed-1 seed-2 seed-3'
    }

    It 'summarises validation figures with mean and sample deviation' {
        $loss = $seedResult[3].ValidationLoss
        $values = $seedResult[0].BestValidationLoss, $seedResult[1].BestValidationLoss, $seedResult[2].BestValidationLoss
        $mean = ($values[0] + $values[1] + $values[2]) / 3
        [math]::Abs($loss.Mean - $mean) | Should -BeLessThan 1e-12
        $sum = 0.0
        foreach ($value in $values) { $sum += ($value - $mean) * ($value - $mean) }
        [math]::Abs($loss.StandardDeviation - [math]::Sqrt($sum / 2)) | Should -BeLessThan 1e-12
        $loss.Count | Should -Be 3
        "$loss" | Should -Match '^-?[0-9.]+ ± [0-9.]+$'
    }

    It 'returns it all again with -Resume alone, and refuses other seeds and a second start' {
        $again = @(Start-SegTraining $configPath -Dataset $dataset -OutputPath $seeds -Device Cpu -Resume)
        $again | Should -HaveCount 4
        $again[3].Ensemble.Sha256 | Should -Be $seedResult[3].Ensemble.Sha256
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $seeds -Device Cpu -Resume -Seed 1, 9 } | Should -Throw -ErrorId 'ResumeMismatch*'
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $seeds -Device Cpu -Seed 1, 2, 3 } | Should -Throw -ErrorId 'RunExists*'
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $seeds -Device Cpu } | Should -Throw -ErrorId 'RunExists*'
    }

    It 'writes nothing with -WhatIf' {
        $run = Join 'whatif'
        Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Seed 1, 2 -Fold 2 -WhatIf -ErrorAction Stop | Should -BeNullOrEmpty
        $run | Should -Not -Exist
    }

    It 'refuses a seed given twice and fewer than two folds' {
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath (Join 'twice') -Seed 1, 1 } | Should -Throw -ErrorId 'SeedTwice*'
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath (Join 'one') -Fold 1 } | Should -Throw
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath (Join 'many') -Fold 9 } | Should -Throw -ErrorId 'TooFewParticipants*'
    }
}

Describe 'Start-SegTraining -Fold' {
    It 'keeps every participant out once' {
        $foldResult | Should -HaveCount 5
        [string[]] $tested = foreach ($model in $foldResult[0..3]) { $model.Split.Test }
        [array]::Sort($tested)
        ($tested -join ' ') | Should -Be ($dataset.Subjects.Id -join ' ')
    }

    It 'predicts every participant by the model that was trained without him' {
        $predictions = @(Invoke-SegPrediction $folds -Device Cpu)
        $predictions | Should -HaveCount 4
        foreach ($prediction in $predictions) {
            $own = @(foreach ($model in $foldResult[0..3]) { if ($model.Split.Test -contains $prediction.Subject) { $model } })
            $own | Should -HaveCount 1
            $prediction.ModelPath | Should -Be $own[0].Path
            $prediction.OutputPath | Should -Be ([System.IO.Path]::Combine($folds, 'predictions'))
        }
        @($predictions | Measure-SegMetrics) | Should -HaveCount 4
    }

    It 'predicts each participant once when models and summary come down the pipeline' {
        @($foldResult | Invoke-SegPrediction -Device Cpu -OutputPath (Join 'piped')) | Should -HaveCount 4
    }

    It 'predicts new images with all models: by <Name>' -ForEach @(
        @{ Name = 'folder'; Model = { $folds } }
        @{ Name = 'summary'; Model = { $foldResult[4] } }
        @{ Name = 'loaded model'; Model = { Get-SegModel $folds } }
    ) {
        $image = $dataset.Images[0].Path
        $prediction = Invoke-SegPrediction -Model (& $Model) -Path $image -Device Cpu -OutputPath (Join 'new')
        $prediction.ModelPath | Should -Be $folds
        $sidecar = [System.IO.File]::ReadAllText($prediction.Classes[0].Path.Replace('.nii.gz', '.json'))
        foreach ($run in 'fold-1', 'fold-2', 'fold-3', 'fold-4') { $sidecar | Should -Match "$run/cord" }
    }
}

Describe 'Get-SegModel of a series' {
    It 'is one ensemble' {
        $model = Get-SegModel $folds
        $model | Should -BeOfType ([MedSeg.SegModel])
        $model.Members | Should -HaveCount 4
        $model.RunPath | Should -Be $folds
        (Get-SegModel ([System.IO.Path]::Combine($folds, 'ensemble.json'))).Sha256 | Should -Be $model.Sha256
    }

    It 'names a member that is missing' {
        $copy = Join 'copy'
        $null = [System.IO.Directory]::CreateDirectory($copy)
        [System.IO.File]::Copy([System.IO.Path]::Combine($folds, 'ensemble.json'), [System.IO.Path]::Combine($copy, 'ensemble.json'))
        { Get-SegModel $copy -ErrorAction Stop } | Should -Throw -ErrorId 'ModelDamaged*'
        $message = try { Get-SegModel $copy -ErrorAction Stop } catch { "$_" }
        $message | Should -Match 'fold-1'
    }
}

Describe 'New-SegSplit -Fold' {
    It 'gives the splits of the cross-validation, and writes one file each' {
        $path = Join 'splits', 'cv.json'
        $splits = @($dataset | New-SegSplit $configPath -Fold 4 -Path $path)
        $splits | Should -HaveCount 4
        for ($i = 0; $i -lt 4; $i++) {
            ($splits[$i].Training -join ' ') | Should -Be ($foldResult[$i].Split.Training -join ' ')
            ($splits[$i].Test -join ' ') | Should -Be ($foldResult[$i].Split.Test -join ' ')
            Join 'splits', "cv-fold-$($i + 1).json" | Should -Exist
        }
        $path | Should -Not -Exist
    }
}
