BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    function Set-TestFile([string] $Name, [string] $Text) {
        $path = [System.IO.Path]::Combine($TestDrive, $Name)
        [System.IO.File]::WriteAllText($path, $Text)
        $path
    }

    $json = Set-TestFile 'a.json' "{`n  // a comment`n  `"model_name`": `"a`",`n}"
    $yaml = Set-TestFile 'b.yaml' "# a comment`nmodel_name: b`ntraining_parameters:`n  batch_size: 4`n"
    $old = Set-TestFile 'old.json' '{"gpu": 1, "loader_parameters": {"bids_path": "data"}}'
    $bad = Set-TestFile 'bad.json' "{`n  `"training_parameters`": {`n    `"batchsize`": 4,`n    `"mixup_alpha`": `"x`"`n  }`n}"
    $odd = Set-TestFile 'odd [1].json' '{"model_name": "odd"}'
}

Describe 'Import-SegConfig' {
    It 'reads JSON and YAML over the defaults' {
        $config = Import-SegConfig $json, $yaml
        $config.ModelName | Should -Be 'a', 'b'
        $config.TrainingParameters.BatchSize | Should -Be 18, 4
    }

    It 'takes paths from the pipeline, with wildcards and on PowerShell drives' {
        ($json, $yaml | Import-SegConfig).ModelName | Should -Be 'a', 'b'
        (Import-SegConfig 'TestDrive:/[ab].j*', 'TestDrive:/[ab].y*').ModelName | Should -Be 'a', 'b'
    }

    It 'takes literal paths' {
        (Import-SegConfig -LiteralPath $odd).ModelName | Should -Be 'odd'
        ([pscustomobject] @{ PSPath = $odd } | Import-SegConfig).ModelName | Should -Be 'odd'
    }

    It 'converts old names with a warning that names the new ones' {
        $config = Import-SegConfig $old -WarningVariable warnings -WarningAction SilentlyContinue
        $config.GpuIds | Should -Be 1
        $config.LoaderParameters.PathData | Should -Be 'data'
        $warnings | Should -HaveCount 2
        "$warnings" | Should -Match "line 1: 'gpu' is now 'gpu_ids'"
    }

    It 'reports every problem of a file with its place and goes on' {
        $config = Import-SegConfig $bad, $json -ErrorVariable problems -ErrorAction SilentlyContinue
        $config.ModelName | Should -Be 'a'
        $problems[0].FullyQualifiedErrorId | Should -Match '^ConfigUnknownKey,'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $problems[0].TargetObject.Key | Should -Be 'training_parameters.batchsize', 'training_parameters.mixup_alpha'
        $problems[0].TargetObject.Line | Should -Be 3, 4
        "$($problems[0])" | Should -Match "did you mean 'batch_size'"
    }

    It 'says when a file is missing' {
        { Import-SegConfig ([System.IO.Path]::Combine($TestDrive, 'none.json')) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
    }

    It 'has help with examples and says what it returns' {
        (Get-Help Import-SegConfig).Examples.Example.Count | Should -BeGreaterOrEqual 2
        (Get-Command Import-SegConfig).OutputType.Name | Should -Contain 'MedSeg.SegConfig'
    }
}
