BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $data = [System.IO.Path]::Combine($TestDrive, 'data')
    $null = New-BidsPhantom $data -Subjects 3 -Contrast T2w -Size 24, 24, 3
    $dataset = Import-BidsDataset $data
    $config = New-SegConfig -Dataset $dataset -TargetSuffix _seg-cord -Set @{
        'model_name'                                 = 'tiny'
        'default_model.depth'                        = 1
        'default_model.n_filters'                    = 2
        'training_parameters.training_time.num_epochs' = 1
    }
    $model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'run')) -Device Cpu
}

Describe 'Export-SegModel' {
    BeforeEach {
        $file = [System.IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'), 'tiny.onnx')
    }

    It 'writes a file with live dropout, which is larger than the plain one' {
        $live = $model | Export-SegModel $file -Dropout -Seed 3 -PassThru
        $live | Should -BeOfType ([System.IO.FileInfo])
        $live.FullName | Should -Be $file
        $plain = Export-SegModel -Model $model.Path -Path "$file.plain" -PassThru
        $live.Length | Should -BeGreaterThan $plain.Length
        $plain.Length | Should -Be ([System.IO.FileInfo]::new([System.IO.Path]::Combine($model.Path, 'tiny.onnx')).Length)
    }

    It 'returns nothing without -PassThru and touches nothing with -WhatIf' {
        @($model | Export-SegModel $file -WhatIf) | Should -HaveCount 0
        $file | Should -Not -Exist
        @($model | Export-SegModel $file) | Should -HaveCount 0
        $file | Should -Exist
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'to replace a file with -NoClobber'; Call = { $model | Export-SegModel $file; $model | Export-SegModel $file -NoClobber }; Id = 'FileExists*' }
        @{ Name = 'two models for one file'; Call = { $model, $model | Export-SegModel $file }; Id = 'ModelFileTaken*' }
        @{ Name = 'the folder of a model'; Call = { $model | Export-SegModel ([System.IO.Path]::Combine($model.Path, 'x.onnx')) }; Id = 'OutputIsModel*' }
        @{ Name = 'what is no model'; Call = { Export-SegModel -Model 3 -Path $file }; Id = 'NotAModel*' }
    ) {
        $failure = $null
        try { $null = & $Call } catch { $failure = $_ }
        $failure.FullyQualifiedErrorId | Should -BeLike $Id
    }
}
