BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    function Join([string[]] $Parts) { [System.IO.Path]::Combine([string[]] (@("$TestDrive") + $Parts)) }

    # A network and a number of epochs small enough for a test.
    $json = @'
{
  "model_name": "cord",
  "loader_parameters": { "target_suffix": ["_seg-cord"], "contrast_params": { "training_validation": ["T2w"], "testing": ["T2w"] } },
  "default_model": { "name": "Unet", "depth": 2, "n_filters": 4 },
  "training_parameters": { "batch_size": 4, "training_time": { "num_epochs": 2 }, "scheduler": { "initial_lr": 0.01 } }
}
'@
    $configPath = Join 'config.json'
    [System.IO.File]::WriteAllText($configPath, $json)
    $dataset = New-BidsPhantom (Join 'data') -Subjects 4 -Contrast T2w -Size 24, 24, 3
}

Describe 'Start-SegTraining' {
    It 'trains a piped dataset and returns the packaged model' {
        $run = Join 'first'
        $model = $dataset | Start-SegTraining $configPath -OutputPath $run -Device Cpu
        $model | Should -BeOfType ([MedSeg.SegModel])
        $model.Name | Should -BeExactly 'cord'
        ($model.Classes -join ' ') | Should -BeExactly 'seg-cord'
        $model.History | Should -HaveCount 2
        $model.RunPath | Should -Be $run
        $model.Dataset.Name | Should -Be $dataset.Name
        foreach ($file in 'cord.onnx', 'cord.json', 'cord.safetensors', 'manifest.json') {
            [System.IO.Path]::Combine($model.Path, $file) | Should -Exist
        }
        [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($run, 'history.jsonl')) | Should -HaveCount 2
    }

    It 'takes a SegConfig and its output path, relative to the current location' {
        $config = Import-SegConfig $configPath
        $config.PathOutput = 'second'
        $config.TrainingParameters.TrainingTime.NumEpochs = 1
        $path = $ExecutionContext.SessionState.Path
        $path.PushCurrentLocation('spec')
        $null = $path.SetLocation("$TestDrive")
        try { $model = Start-SegTraining -Config $config -Dataset $dataset -Device cpu } finally { $null = $path.PopLocation('spec') }
        $model.RunPath | Should -Be (Join 'second')
        $model.History | Should -HaveCount 1
    }

    It 'searches a threshold and draws its curve' {
        $run = Join 'search'
        $model = Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -ThresholdSearch 0.25 -ThresholdCriterion Roc
        $model.ThresholdSearch.Points | Should -HaveCount 3
        $model.Threshold | Should -Be $model.ThresholdSearch.Threshold
        Join 'search', 'roc.png' | Should -Exist
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -ThresholdSearch 0.9 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'begins with the weights of another model, freezes layers, mixes samples and weighs classes' {
        $first = $dataset | Start-SegTraining $configPath -OutputPath (Join 'teacher') -Device Cpu
        $config = Import-SegConfig $configPath
        $config.TrainingParameters.TransferLearning.RetrainModel = $first.Path
        $config.TrainingParameters.TransferLearning.RetrainFraction = 0.5
        $config.TrainingParameters.MixupAlpha = 0.4
        $config.TrainingParameters.ClassWeights = @(2.0)
        $second = Start-SegTraining $config -Dataset $dataset -OutputPath (Join 'pupil') -Device Cpu
        $second.Sha256 | Should -Not -Be $first.Sha256
        $second.History | Should -HaveCount 2
        $config.TrainingParameters.ClassWeights = @(2.0, 3.0)
        { Start-SegTraining $config -Dataset $dataset -OutputPath (Join 'dropout') -Device Cpu -ErrorAction Stop } |
            Should -Throw -ErrorId 'ConfigConflict*' -ExpectedMessage '*class_weights*'
    }

    It 'films validation slices' {
        $run = Join 'films'
        $null = Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Gif 2
        [System.IO.Directory]::GetFiles((Join 'films', 'gifs'), '*.gif') | Should -HaveCount 2
    }

    It 'shows metrics in the history' {
        $model = $dataset | Start-SegTraining $configPath -OutputPath (Join 'metrics') -Device Cpu
        $model.History[0].Metrics.AccuracyScore | Should -BeGreaterThan 0
    }

    It 'gives the same model for the same seed and another for another' {
        $hashes = foreach ($seed in 3, 3, 4) {
            $run = Join "seed-$seed-$([guid]::NewGuid())"
            (Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Seed $seed).Sha256
        }
        $hashes[0] | Should -Be $hashes[1]
        $hashes[0] | Should -Not -Be $hashes[2]
    }

    It 'takes a configuration file with [ ] in its name' {
        $file = Join 'a[1].json'
        [System.IO.File]::WriteAllText($file, $json)
        $run = Join 'brackets'
        Start-SegTraining -Config $file -Dataset $dataset -OutputPath $run -WhatIf -ErrorAction Stop | Should -BeNullOrEmpty
        { Start-SegTraining -Config (Join 'b[1].json') -Dataset $dataset -OutputPath $run -WhatIf } | Should -Throw -ErrorId 'PathNotFound*'
    }

    It 'returns a finished model with -Resume without the seed of its run' {
        $run = Join 'seven'
        $model = Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Seed 7
        (Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Resume).Sha256 | Should -Be $model.Sha256
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Resume -Seed 8 } | Should -Throw -ErrorId 'ResumeMismatch*'
    }

    It 'uses path_data of the configuration when no dataset is given' {
        $config = Import-SegConfig $configPath
        $config.LoaderParameters.PathData = @($dataset.Roots[0])
        $config.TrainingParameters.TrainingTime.NumEpochs = 1
        $model = Start-SegTraining $config -OutputPath (Join 'pathdata') -Device Cpu
        $model.DatasetRoots[0] | Should -Be $dataset.Roots[0]
    }

    It 'trains on patches of two contrasts, in the order of their list' {
        $channels = New-BidsPhantom (Join 'channels') -Subjects 4 -Contrast T1w, T2w -Size 24, 24, 3
        $config = Import-SegConfig $configPath
        $config.LoaderParameters.Multichannel = $true
        $config.LoaderParameters.ContrastParams.TrainingValidation = 'T2w', 'T1w'
        $config.DefaultModel.Length2D = 16, 16
        $config.DefaultModel.Stride2D = 8, 8
        $model = $channels | Start-SegTraining -Config $config -OutputPath (Join 'two') -Device Cpu
        ($model.Contrasts -join ' ') | Should -BeExactly 'T2w T1w'
        ((Get-SegModel $model.Path).Contrasts -join ' ') | Should -BeExactly 'T2w T1w'
        $model.History | Should -HaveCount 2
    }

    It 'asks for a dataset when there is none' {
        { Start-SegTraining $configPath -OutputPath (Join 'none') } | Should -Throw -ErrorId 'NoDataset*'
    }

    It 'does not overwrite a finished run, and -Resume returns its model' {
        $run = Join 'finished'
        $model = Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu } | Should -Throw -ErrorId 'RunExists*'
        (Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Resume).Sha256 | Should -Be $model.Sha256
    }

    It 'says when there is nothing to resume' {
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath (Join 'nothing') -Device Cpu -Resume } | Should -Throw -ErrorId 'NothingToResume*'
    }

    It 'takes -Force with -Resume only' {
        $run = Join 'forced'
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Force } | Should -Throw -ErrorId 'ForceWithoutResume*'
        { Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -Device Cpu -Resume -Force } | Should -Throw -ErrorId 'NothingToResume*'
        [System.IO.Directory]::Exists($run) | Should -BeFalse
    }

    It 'touches nothing with -WhatIf' {
        $run = Join 'whatif'
        Start-SegTraining $configPath -Dataset $dataset -OutputPath $run -WhatIf | Should -BeNullOrEmpty
        [System.IO.Directory]::Exists($run) | Should -BeFalse
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'an unknown device'; Id = 'DeviceUnknown*'; Arguments = @{ Device = 'gpu' } }
        @{ Name = 'a number as configuration'; Id = 'NotAConfig*'; Arguments = @{ Config = 3 } }
        @{ Name = 'a configuration that is not there'; Id = 'PathNotFound*'; Arguments = @{ Config = 'absent.json' } }
    ) {
        $all = @{ Config = $configPath; Dataset = $dataset; OutputPath = (Join 'refused') }
        foreach ($key in $Arguments.Keys) { $all[$key] = $Arguments[$key] }
        { Start-SegTraining @all } | Should -Throw -ErrorId $Id
        [System.IO.Directory]::Exists((Join 'refused')) | Should -BeFalse
    }
}
