BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    function Set-TestFile([string] $Name, [string] $Text) {
        $path = [System.IO.Path]::Combine($TestDrive, $Name)
        [System.IO.File]::WriteAllText($path, $Text)
        $path
    }

    $good = Set-TestFile 'good.yaml' "loader_parameters: {target_suffix: [_seg]}`ntransformation: {NormalizeInstance: {applied_to: [im]}}`n"
    $old = Set-TestFile 'old.json' '{"gpu": 1, "loader_parameters": {"target_suffix": ["_seg"], "multichannel": true}}'
    $bad = Set-TestFile 'bad.json' "{`n  `"training_parameters`": {`n    `"batchsize`": 4,`n    `"mixup_alpha`": `"x`"`n  }`n}"
    $odd = Set-TestFile 'odd [1].json' '{"split_dataset": {"test_fraction": 0}}'
    $folder = [System.IO.Path]::Combine($TestDrive, 'data')
    New-BidsPhantom $folder -Subjects 5 -Seed 1
    $data = Import-BidsDataset $folder
}

Describe 'Test-SegConfig' {
    It 'says nothing about a sound configuration' {
        Test-SegConfig $good | Should -BeNullOrEmpty
        Import-SegConfig $good | Test-SegConfig | Should -BeNullOrEmpty
    }

    It 'takes a configuration where it takes a file' {
        $config = Import-SegConfig $good
        (Test-SegConfig $config -Dataset $data).Id | Should -Contain 'ClassWithoutLabels'
        Test-SegConfig $config | Should -BeNullOrEmpty
    }

    It 'returns mistakes of a file as findings with their place, and no error' {
        $findings = Test-SegConfig $bad -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        $findings.Id | Should -Be 'ConfigUnknownKey', 'ConfigWrongType'
        $findings[0].Key | Should -Be 'training_parameters.batchsize'
        $findings[0].Message | Should -Match "^line 3, column 5: .*did you mean 'batch_size'"
        $findings[0].Severity | Should -Be 'Error'
        $findings[0].Recommendation | Should -Not -BeNullOrEmpty
    }

    It 'puts errors first and old names last' {
        $findings = Test-SegConfig $old
        $findings[0].Id | Should -Be 'MultichannelContrasts'
        $findings.Id | Should -Contain 'OldName'
        ($findings | Where-Object { $_.Id -eq 'OldName' }).Key | Should -Be 'gpu'
    }

    It 'takes several files, wildcards, literal paths and files from the pipeline' {
        (Test-SegConfig 'TestDrive:/[bo]*d.json').Count | Should -BeGreaterThan 3
        (Test-SegConfig -LiteralPath $odd).Id | Should -Contain 'NoTestSet'
        ([pscustomobject] @{ PSPath = $odd } | Test-SegConfig).Id | Should -Contain 'NoTestSet'
        ($bad, $good | Test-SegConfig).Id | Should -Be 'ConfigUnknownKey', 'ConfigWrongType'
        ($bad, $old | Test-SegConfig).Path | Should -Contain $old
        (Test-SegConfig $bad).Path | Should -Be $bad, $bad
        (New-SegConfig | Test-SegConfig).Path | Should -Be ''
    }

    It 'says when a file is missing and goes on' {
        $findings = Test-SegConfig ([System.IO.Path]::Combine($TestDrive, 'none.json')), $bad -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Match '^PathNotFound,'
        $findings.Id | Should -Contain 'ConfigUnknownKey'
    }

    It 'compares a configuration with a dataset' {
        $config = New-SegConfig -Dataset $data -CropSize 64 -WarningAction SilentlyContinue
        $findings = $config | Test-SegConfig -Dataset $data
        $findings.Id | Should -Contain 'SplitSizes'
        $findings.Id | Should -Contain 'MemoryOfSamples'
        $findings.Id | Should -Contain 'MemoryOfTraining'
        $findings.Severity | Should -Not -Contain 'Error'
        $config.LoaderParameters.TargetSuffix = '_absent'
        ($config | Test-SegConfig -Dataset $data)[0].Id | Should -Be 'ClassWithoutLabels'
    }

    It 'takes the dataset from the pipeline' {
        $config = New-SegConfig -Dataset $data -CropSize 64 -WarningAction SilentlyContinue
        $config | Export-SegConfig 'TestDrive:/fits.json'
        ($data | Test-SegConfig 'TestDrive:/fits.json').Id | Should -Contain 'SplitSizes'
        ($data | Test-SegConfig -Config $config).Id | Should -Contain 'SplitSizes'
        ($data | Test-SegConfig -LiteralPath ([System.IO.Path]::Combine($TestDrive, 'fits.json'))).Id | Should -Contain 'SplitSizes'
    }

    It 'leaves the configuration as it is' {
        $config = New-SegConfig spine -TargetSuffix _seg
        $null = $config | Test-SegConfig -Dataset $data
        $config.ModelName | Should -Be 'spine'
        $config.LoaderParameters.TargetSuffix | Should -Be '_seg'
    }

    It 'has help with examples and says what it returns' {
        (Get-Help Test-SegConfig).Examples.Example.Count | Should -BeGreaterOrEqual 2
        (Get-Command Test-SegConfig).OutputType.Name | Should -Contain 'MedSeg.SegFinding'
    }
}
