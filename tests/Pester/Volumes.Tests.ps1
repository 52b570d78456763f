BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $data = [System.IO.Path]::Combine($TestDrive, 'data')
    $null = New-BidsPhantom $data -Subjects 4 -Contrast T2w -Size 32, 32, 20
    $dataset = Import-BidsDataset $data
    $config = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Set @{
        'model_name'                                   = 'volumes'
        'default_model.is_2d'                          = $false
        'default_model.depth'                          = 1
        'default_model.n_filters'                      = 2
        'default_model.dropout_rate'                   = 0
        'default_model.length_3D'                      = 32, 32, 16
        'default_model.stride_3D'                      = 32, 32, 4
        'training_parameters.training_time.num_epochs' = 2
        'training_parameters.batch_size'               = 1
        'split_dataset.train_fraction'                 = 0.5
        'split_dataset.test_fraction'                  = 0.25
    }
    $run = [System.IO.Path]::Combine($TestDrive, 'run')
    $model = $dataset | Start-SegTraining -Config $config -OutputPath $run -Device Cpu -Seed 3
}

Describe 'Volumes' {
    BeforeEach {
        $out = [System.IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'))
    }

    It 'trains a network in three dimensions, whose loss falls' {
        $model.History | Should -HaveCount 2
        $model.History[1].TrainingLoss | Should -BeLessThan $model.History[0].TrainingLoss
    }

    It 'gives the same model for the same seed' {
        $again = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'again')) -Device Cpu -Seed 3
        $again.Sha256 | Should -BeExactly $model.Sha256
    }

    It 'predicts onto the grid of the image <Name>' -ForEach @(
        @{ Name = 'with the patches of training'; Options = @{} }
        @{ Name = 'with three overlaps'; Options = @{ PatchOverlap = 0, 0, 14 } }
        @{ Name = 'with one overlap'; Options = @{ PatchOverlap = 4 } }
        @{ Name = 'as a whole'; Options = @{ NoPatch = $true } }
    ) {
        $prediction = Invoke-SegPrediction $model -OutputPath $out @Options
        $prediction.Classes | Should -HaveCount 1
        $measured = $prediction | Measure-SegMetrics
        $measured.ReferenceVolume | Should -BeGreaterThan 0
    }

    It 'refuses an overlap of two numbers' {
        { Invoke-SegPrediction $model -OutputPath $out -PatchOverlap 4, 4 -ErrorAction Stop } |
            Should -Throw -ErrorId 'PatchOverlapRange,MedSeg.Cmdlets.Inference.InvokeSegPredictionCommand'
        $out | Should -Not -Exist
    }

    It 'refuses patches that the network cannot halve so often, before anything is read' {
        $bad = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Network Modified3DUNet -Set @{
            'Modified3DUNet.length_3D' = 32, 32, 20
            'Modified3DUNet.stride_3D' = 32, 32, 20
        }
        $findings = @(Test-SegConfig $bad)
        @($findings | Where-Object { $_.Id -eq 'PatchLengthOf16' }) | Should -HaveCount 1
        { $dataset | Start-SegTraining -Config $bad -OutputPath $out -Device Cpu -ErrorAction Stop } | Should -Throw
        $out | Should -Not -Exist
    }
}
