BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $data = [System.IO.Path]::Combine($TestDrive, 'data')
    $null = New-BidsPhantom $data -Subjects 4 -Contrast T2w -Size 24, 24, 4
    $dataset = Import-BidsDataset $data
    $config = New-SegConfig -Dataset $dataset -Set @{
        'model_name'                                     = 'tiny'
        'default_model.depth'                            = 1
        'default_model.n_filters'                        = 2
        'training_parameters.training_time.num_epochs'   = 1
        'training_parameters.batch_size'                 = 4
        'split_dataset.train_fraction'                   = 0.5
        'split_dataset.test_fraction'                    = 0.25
    }
    $run = [System.IO.Path]::Combine($TestDrive, 'run')
    $model = $dataset | Start-SegTraining -Config $config -OutputPath $run -Device Cpu
    $test = $model.Split.Test[0]

    $channelData = [System.IO.Path]::Combine($TestDrive, 'channels')
    $null = New-BidsPhantom $channelData -Subjects 3 -Contrast T1w, T2w -Size 24, 24, 4
    $channels = Import-BidsDataset $channelData
    $config = New-SegConfig -Dataset $channels -Set @{
        'model_name'                                            = 'two'
        'loader_parameters.multichannel'                        = $true
        'loader_parameters.contrast_params.training_validation' = 'T1w', 'T2w'
        'default_model.depth'                                   = 1
        'default_model.n_filters'                               = 2
        'default_model.length_2D'                               = 16, 16
        'default_model.stride_2D'                               = 8, 8
        'training_parameters.training_time.num_epochs'          = 1
        'split_dataset.train_fraction'                          = 0.34
        'split_dataset.test_fraction'                           = 0.34
    }
    $two = $channels | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'two')) -Device Cpu
}

Describe 'Invoke-SegPrediction' {
    It 'predicts images that lack a contrast with HeMISUnet and says which' {
        $config = New-SegConfig -Dataset $channels -Network HeMISUnet -Set @{
            'model_name'                                            = 'hemis'
            'loader_parameters.multichannel'                        = $true
            'loader_parameters.contrast_params.training_validation' = 'T1w', 'T2w'
            'HeMISUnet.missing_probability'                         = 0.5
            'default_model.depth'                                   = 1
            'default_model.n_filters'                               = 2
            'training_parameters.training_time.num_epochs'          = 2
            'split_dataset.train_fraction'                          = 0.34
            'split_dataset.test_fraction'                           = 0.34
        }
        $hemis = $channels | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'hemis')) -Device Cpu
        $t2 = @($channels.Images | Where-Object { $_.Contrast -eq 'T2w' })[0].Path
        $prediction = Invoke-SegPrediction -Model $hemis -Path $t2 -OutputPath ([System.IO.Path]::Combine($TestDrive, 'lacking')) -Device Cpu -WarningVariable warnings -WarningAction SilentlyContinue
        $prediction.UsedContrasts | Should -Be 'T2w'
        $prediction.MissingContrasts | Should -Be 'T1w'
        "$warnings" | Should -Match 'lacks T1w'
    }

    BeforeEach {
        $out = [System.IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'))
    }

    It 'predicts the test participants of a model from the pipeline' {
        $predictions = @($model | Invoke-SegPrediction)
        $predictions | Should -HaveCount 1
        $predictions[0] | Should -BeOfType ([MedSeg.SegPrediction])
        $predictions[0].Subject | Should -Be $test
        $predictions[0].OutputPath | Should -Be ([System.IO.Path]::Combine($model.RunPath, 'predictions'))
        $predictions[0].Classes | Should -HaveCount $model.Classes.Count
        $predictions[0].Classes[0].Path | Should -Exist
        $predictions[0].Classes[0].ReferencePath | Should -Exist
    }

    It 'takes the part of the split that -Split names, <Part>' -ForEach @(
        @{ Part = 'Training'; Count = 2 }
        @{ Part = 'Validation'; Count = 1 }
        @{ Part = 'Test'; Count = 1 }
    ) {
        @(Invoke-SegPrediction $model -Split $Part -OutputPath $out) | Should -HaveCount $Count
    }

    It 'warns when all images include those of the training' {
        $predictions = @(Invoke-SegPrediction $model -Split All -OutputPath $out -WarningVariable warnings -WarningAction SilentlyContinue)
        $predictions | Should -HaveCount 4
        $warnings | Should -HaveCount 1
    }

    It 'takes images <Name>' -ForEach @(
        @{ Name = 'by path'; Call = { Invoke-SegPrediction $model.Path ([System.IO.Path]::Combine($data, $test, 'anat', '*_T2w.nii.gz')) -OutputPath $out } }
        @{ Name = 'by literal path'; Call = { Invoke-SegPrediction -Model $model -LiteralPath $dataset.Images[0].Path -OutputPath $out } }
        @{ Name = 'as file objects'; Call = { [pscustomobject] @{ PSPath = $dataset.Images[0].Path } | Invoke-SegPrediction -Model $model -OutputPath $out } }
        @{ Name = 'as piped text'; Call = { $dataset.Images[0].Path | Invoke-SegPrediction -Model $model -OutputPath $out } }
        @{ Name = 'of a dataset'; Call = { $dataset.Images[0] | Invoke-SegPrediction -Model $model -OutputPath $out } }
        @{ Name = 'as a dataset'; Call = { $dataset | Invoke-SegPrediction -Model $model -OutputPath $out } }
        @{ Name = 'as a dataset with the model piped'; Call = { $model | Invoke-SegPrediction -Dataset $dataset -OutputPath $out } }
    ) {
        $predictions = @(& $Call)
        $predictions | Should -HaveCount 1
        $predictions[0].OutputPath | Should -Be $out
        $predictions[0].Classes[0].Path | Should -Exist
    }

    It 'loads a model from its folder' {
        (Invoke-SegPrediction -Model $model.Path -Dataset $dataset -OutputPath $out).ModelName | Should -Be 'tiny'
    }

    It 'writes a derivatives dataset with sidecars, and probabilities on request' {
        $prediction = Invoke-SegPrediction $model -OutputPath $out -Soft -Threshold 0.25
        [System.IO.Path]::Combine($out, 'dataset_description.json') | Should -Exist
        $class = $prediction.Classes[0]
        $class.Path | Should -Be ([System.IO.Path]::Combine($out, $test, 'anat', "${test}_T2w$($class.Suffix)_pred.nii.gz"))
        $class.SoftPath | Should -Exist
        $prediction.Threshold | Should -Be 0.25
        $sidecar = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText($class.Path.Replace('.nii.gz', '.json')))
        $sidecar.RootElement.GetProperty('Model').GetProperty('Sha256').GetString() | Should -Be $model.Sha256
        $sidecar.RootElement.GetProperty('Threshold').GetDouble() | Should -Be 0.25
    }

    It 'segments several channels with one model, patches included: <Name>' -ForEach @(
        @{ Name = 'a dataset'; Call = { $channels | Invoke-SegPrediction -Model $two -OutputPath $out } }
        @{ Name = 'bare files'; Call = { Invoke-SegPrediction $two ([System.IO.Path]::Combine($channelData, $two.Split.Test[0], 'anat', '*_T?w.nii.gz')) -OutputPath $out } }
        @{ Name = 'another overlap'; Call = { $channels | Invoke-SegPrediction -Model $two -PatchOverlap 12 -OutputPath $out } }
        @{ Name = 'whole slices'; Call = { $channels | Invoke-SegPrediction -Model $two -NoPatch -OutputPath $out } }
    ) {
        $prediction = @(& $Call)
        $prediction | Should -HaveCount 1
        $prediction[0].Contrast | Should -Be 'T1w+T2w'
        $prediction[0].ChannelPaths | Should -HaveCount 2
        $prediction[0].ImageId | Should -Be "$($two.Split.Test[0])_T1w"
    }

    It 'warns when a way to cut slices has no effect' {
        $null = Invoke-SegPrediction $model -NoPatch -OutputPath $out -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'NoPatch has no effect'
    }

    It 'writes one error for a bad image and goes on' {
        $bad = [System.IO.Path]::Combine($TestDrive, 'bad.nii.gz')
        [System.IO.File]::WriteAllText($bad, 'not an image')
        $predictions = @(Invoke-SegPrediction $model $bad, $dataset.Images[0].Path -OutputPath $out -ErrorAction SilentlyContinue -ErrorVariable problems)
        $predictions | Should -HaveCount 1
        $problems | Should -HaveCount 1
        $problems[0].CategoryInfo.Category | Should -Be InvalidData
    }

    It 'refuses two images with one result' {
        $copy = [System.IO.Path]::Combine($TestDrive, 'copy', $test)
        $null = [System.IO.Directory]::CreateDirectory($copy)
        $file = [System.IO.Path]::Combine($copy, 'x.nii.gz')
        $other = [System.IO.Path]::Combine($TestDrive, 'copy', 'x.nii.gz')
        [System.IO.File]::Copy($dataset.Images[0].Path, $file)
        [System.IO.File]::Copy($dataset.Images[0].Path, $other)
        { Invoke-SegPrediction $model $file, $other -OutputPath $out -ErrorAction Stop } | Should -Throw -ErrorId 'DuplicateOutput*'
        $out | Should -Not -Exist
    }

    It 'says what is wrong with <Name>' -ForEach @(
        @{ Name = 'a model folder that is not there'; Id = 'PathNotFound*'; Call = { Invoke-SegPrediction ([System.IO.Path]::Combine($TestDrive, 'none')) -ErrorAction Stop } }
        @{ Name = 'a folder without a model'; Id = 'ModelNotFound*'; Call = { Invoke-SegPrediction $data -ErrorAction Stop } }
        @{ Name = 'an object that is no model'; Id = 'NotAModel*'; Call = { Invoke-SegPrediction 5 -ErrorAction Stop } }
        @{ Name = 'a folder instead of an image'; Id = 'PathIsFolder*'; Call = { Invoke-SegPrediction $model $data -ErrorAction Stop } }
        @{ Name = 'an output folder that is a raw dataset'; Id = 'OutputIsDataset*'; Call = { Invoke-SegPrediction $model -OutputPath $data -ErrorAction Stop } }
        @{ Name = 'a device that does not exist'; Id = 'DeviceUnknown*'; Call = { Invoke-SegPrediction $model -Device Toaster -OutputPath $out -ErrorAction Stop } }
    ) {
        $Call | Should -Throw -ErrorId $Id
    }

    It 'goes on with the next piped model after <Name>' -ForEach @(
        @{ Name = 'a folder that is not there'; Bad = { [System.IO.Path]::Combine($TestDrive, 'none') } }
        @{ Name = 'a folder without a model'; Bad = { $data } }
        @{ Name = 'an object that is no model'; Bad = { 5 } }
    ) {
        $predictions = @((& $Bad), $model | Invoke-SegPrediction -OutputPath $out -ErrorAction SilentlyContinue -ErrorVariable problems)
        $predictions | Should -HaveCount 1
        @($problems | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) | Should -HaveCount 1
    }

    It 'ends before the first result where nothing can be predicted: <Name>' -ForEach @(
        @{ Name = 'a model folder that is not there'; Call = { Invoke-SegPrediction ([System.IO.Path]::Combine($TestDrive, 'none')) } }
        @{ Name = 'a device that does not exist'; Call = { Invoke-SegPrediction $model -Device Toaster -OutputPath $out } }
        @{ Name = 'a damaged model'; Call = { Invoke-SegPrediction $damaged -OutputPath $out } }
        @{ Name = 'an output folder that is a raw dataset'; Call = { $dataset | Invoke-SegPrediction -Model $model -OutputPath $data } }
    ) {
        $damaged = [System.IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'))
        $null = [System.IO.Directory]::CreateDirectory($damaged)
        foreach ($file in [System.IO.Directory]::GetFiles($model.Path)) {
            [System.IO.File]::Copy($file, [System.IO.Path]::Combine($damaged, [System.IO.Path]::GetFileName($file)))
        }
        [System.IO.File]::AppendAllText([System.IO.Path]::Combine($damaged, 'tiny.onnx'), 'x')
        $ended = $false
        try { $null = & $Call 2> $null } catch { $ended = $true }
        $ended | Should -BeTrue
    }

    It 'finds a model folder relative to the current location, with [ ] in its name' {
        $folder = [System.IO.Path]::Combine($TestDrive, 'models', 'm[1]')
        $null = [System.IO.Directory]::CreateDirectory($folder)
        foreach ($file in [System.IO.Directory]::GetFiles($model.Path)) {
            [System.IO.File]::Copy($file, [System.IO.Path]::Combine($folder, [System.IO.Path]::GetFileName($file)))
        }
        $path = $ExecutionContext.SessionState.Path
        $path.PushCurrentLocation('spec')
        $null = $path.SetLocation([System.IO.Path]::Combine($TestDrive, 'models'))
        try { $prediction = Invoke-SegPrediction 'm[1]' -LiteralPath $dataset.Images[0].Path -OutputPath $out } finally { $null = $path.PopLocation('spec') }
        $prediction.ModelName | Should -Be 'tiny'
    }

    It 'completes -Device' {
        $line = 'Invoke-SegPrediction -Device c'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Contain 'Cuda'
    }

    It 'touches nothing with -WhatIf' {
        @(Invoke-SegPrediction $model -OutputPath $out -WhatIf) | Should -HaveCount 0
        $out | Should -Not -Exist
    }

    It 'feeds Measure-SegMetrics' {
        $metrics = @($model | Invoke-SegPrediction -OutputPath $out | Measure-SegMetrics)
        $metrics | Should -HaveCount $model.Classes.Count
        $metrics[0].Subject | Should -Be $test
    }
}

Describe 'Invoke-SegPrediction with a model that classifies' {
    BeforeAll {
        $config = New-SegConfig -Dataset $dataset -Network resnet18 -Loss BinaryCrossEntropyLoss -Set @{
            'model_name'                                   = 'holds'
            'training_parameters.training_time.num_epochs' = 1
            'training_parameters.batch_size'               = 4
            'split_dataset.train_fraction'                 = 0.5
            'split_dataset.test_fraction'                  = 0.25
        }
        $holds = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'holds')) -Device Cpu
        $out = [System.IO.Path]::Combine($TestDrive, 'classes')
        $slices = @($holds | Invoke-SegPrediction -OutputPath $out)
    }

    It 'keeps slices without any structure in its configuration' {
        $config.LoaderParameters.SliceFilterParams.FilterEmptyMask | Should -BeFalse
        $holds.Task | Should -Be 'Classification'
    }

    It 'gives one object per slice with the probability of each class' {
        $slices | Should -HaveCount 4
        $slices[3] | Should -BeOfType ([MedSeg.SegClassification])
        $slices[3].Slice | Should -Be 3
        $slices[3].Classes | Should -HaveCount $holds.Classes.Count
        $slices[3].Classes[0].Reference | Should -BeTrue
    }

    It 'writes a table and no masks' {
        [System.IO.Directory]::GetFiles($out, '*', 'AllDirectories') | Should -HaveCount 1
        $lines = [System.IO.File]::ReadAllLines($slices[0].OutputPath)
        $lines[0] | Should -Be 'image,slice,class,probability,decision'
        $lines | Should -HaveCount (1 + 4 * $holds.Classes.Count)
    }

    It 'touches nothing with -WhatIf' {
        $other = [System.IO.Path]::Combine($TestDrive, 'not-there')
        @(Invoke-SegPrediction $holds -OutputPath $other -WhatIf) | Should -HaveCount 0
        $other | Should -Not -Exist
    }

    It 'makes Measure-SegMetrics say what to do instead' {
        $failure = $null
        try { $null = $slices | Measure-SegMetrics } catch { $failure = $_ }
        $failure.FullyQualifiedErrorId | Should -BeLike 'NoMasks*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Group-Object*'
    }
}
