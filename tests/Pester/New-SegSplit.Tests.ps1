BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $data = [System.IO.Path]::Combine($TestDrive, 'data')
    $null = New-BidsPhantom $data -Subjects 6 -Contrast T2w -Size 16, 16, 2
    $dataset = Import-BidsDataset $data
    $config = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Set @{
        'model_name'                                   = 'tiny'
        'default_model.depth'                          = 1
        'default_model.n_filters'                      = 2
        'training_parameters.training_time.num_epochs' = 1
        'training_parameters.batch_size'               = 4
        'split_dataset.train_fraction'                 = 0.5
        'split_dataset.test_fraction'                  = 0.34
    }
}

Describe 'New-SegSplit' {
    BeforeEach {
        $path = [System.IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'), 'split.json')
    }

    It 'returns the split that a training would make, and writes nothing' {
        $split = $dataset | New-SegSplit $config
        $split | Should -BeOfType ([MedSeg.SegSplit])
        $split.Training | Should -HaveCount 3
        $split.Validation | Should -HaveCount 1
        $split.Test | Should -HaveCount 2
    }

    It 'imports the dataset that the configuration names' {
        $file = [System.IO.Path]::Combine($TestDrive, 'config.json')
        $copy = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Set @{ 'loader_parameters.path_data' = @($data) }
        Export-SegConfig $file -Config $copy
        $split = New-SegSplit $file
        $split.Training.Count + $split.Validation.Count + $split.Test.Count | Should -Be 6
    }

    It 'writes a file that a later split is read from' {
        $split = $dataset | New-SegSplit $config -Path $path
        $path | Should -Exist
        $other = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Set @{ 'split_dataset.fname_split' = $path; 'split_dataset.random_seed' = 99 }
        ($dataset | New-SegSplit $other).Test | Should -Be $split.Test
    }

    It 'writes nothing with -WhatIf, and shows the split' {
        ($dataset | New-SegSplit $config -Path $path -WhatIf).Training | Should -HaveCount 3
        $path | Should -Not -Exist
    }

    It 'keeps a file with -NoClobber' {
        $null = $dataset | New-SegSplit $config -Path $path
        { $dataset | New-SegSplit $config -Path $path -NoClobber } | Should -Throw -ErrorId 'FileExists*'
    }

    It 'names what the dataset lacks' {
        $other = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Set @{ 'split_dataset.split_method' = 'scanner' }
        { $dataset | New-SegSplit $other } | Should -Throw -ErrorId 'SplitColumnMissing*'
    }
}

Describe 'The split of a model' {
    It 'is kept when the dataset grows: nobody new is tested, and metrics see the old test set only' {
        $planned = $dataset | New-SegSplit $config
        $run = [System.IO.Path]::Combine($TestDrive, 'run')
        $model = $dataset | Start-SegTraining -Config $config -OutputPath $run -Device Cpu
        $model.Split.Test | Should -Be $planned.Test

        $more = [System.IO.Path]::Combine($TestDrive, 'more')
        $null = New-BidsPhantom $more -Subjects 12 -Contrast T2w -Size 16, 16, 2
        foreach ($folder in $data, [System.IO.Path]::Combine($data, 'derivatives', 'labels')) {
            $from = $folder.Replace($data, $more)
            foreach ($subject in 7..12) {
                $name = 'sub-{0:00}' -f $subject
                [System.IO.Directory]::Move([System.IO.Path]::Combine($from, $name), [System.IO.Path]::Combine($folder, $name))
            }
        }

        $grown = Import-BidsDataset $data
        $grown.Subjects | Should -HaveCount 12
        ($grown | New-SegSplit $config).Test | Should -HaveCount 4
        $predictions = @($grown | Invoke-SegPrediction -Model $model.Path -WarningVariable warnings -WarningAction SilentlyContinue)
        @($predictions.Subject) | Should -Be @($planned.Test)
        "$warnings" | Should -BeLike '*sub-07, sub-08, sub-09, sub-10, sub-11, sub-12*'
        @($predictions | Measure-SegMetrics | ForEach-Object Subject) | Should -Be @($planned.Test)
    }
}
