BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $config = New-SegConfig spine -Contrast T1w -TargetSuffix _seg -Resample 0.75 -Augment
    function Get-TestPath([string] $Name) { [System.IO.Path]::Combine($TestDrive, $Name) }
}

Describe 'Export-SegConfig' {
    It 'writes <name> that Import-SegConfig reads back' -ForEach @(
        @{ name = 'c.json'; first = '{' }
        @{ name = 'c.yaml'; first = 'command: train' }
        @{ name = 'folder/c.yml'; first = 'command: train' }
    ) {
        $config | Export-SegConfig "TestDrive:/$name"
        $path = Get-TestPath $name
        [System.IO.File]::ReadAllText($path).StartsWith($first) | Should -BeTrue
        $read = Import-SegConfig $path
        $read.ModelName | Should -Be 'spine'
        $read.Transformation.Name | Should -Be $config.Transformation.Name
        $again = Get-TestPath 'again.json'
        $once = Get-TestPath 'once.json'
        Export-SegConfig -Config $read $again
        Export-SegConfig -Config $config $once
        [System.IO.File]::ReadAllText($again) | Should -BeExactly ([System.IO.File]::ReadAllText($once))
    }

    It 'writes the format that -Format says' {
        $config | Export-SegConfig 'TestDrive:/c.txt' -Format Yaml
        [System.IO.File]::ReadAllText((Get-TestPath 'c.txt')) | Should -Match '^command: train'
    }

    It 'writes values that a pipeline has wrapped' {
        $wrapped = New-SegConfig -Loss FocalLoss
        $wrapped.TrainingParameters.Loss.Parameters['gamma'] = 3 | ForEach-Object { $_ }
        $wrapped | Export-SegConfig 'TestDrive:/wrapped.json'
        (Import-SegConfig 'TestDrive:/wrapped.json').TrainingParameters.Loss.Parameters['gamma'] | Should -Be 3
    }

    It 'returns the file with -PassThru, and nothing without' {
        ($config | Export-SegConfig 'TestDrive:/p.json' -PassThru).Name | Should -Be 'p.json'
        $config | Export-SegConfig 'TestDrive:/p.json' | Should -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        $config | Export-SegConfig 'TestDrive:/w.json' -WhatIf
        Get-TestPath 'w.json' | Should -Not -Exist
    }

    It 'keeps an existing file with -NoClobber' {
        $path = Get-TestPath 'n.json'
        [System.IO.File]::WriteAllText($path, 'mine')
        { $config | Export-SegConfig $path -NoClobber } | Should -Throw -ErrorId 'FileExists*'
        [System.IO.File]::ReadAllText($path) | Should -BeExactly 'mine'
    }

    It 'refuses two configurations for one file' {
        { $config, $config | Export-SegConfig 'TestDrive:/two.json' } | Should -Throw -ErrorId 'ConfigFileTaken*'
    }

    It 'says why a file cannot be written' {
        { $config | Export-SegConfig $TestDrive } | Should -Throw -ErrorId 'CannotWrite*'
    }

    It 'writes the JSON Schema of all keys with -Schema' {
        $path = Get-TestPath 'schema/medseg.schema.json'
        (Export-SegConfig -Schema $path -PassThru).Name | Should -Be 'medseg.schema.json'
        $text = [System.IO.File]::ReadAllText($path)
        $text | Should -Match '"\$schema": "https://json-schema.org/draft/2020-12/schema"'
        $text | Should -Match '"batch_size": \{'
        $text | Should -Match '"description": "Epochs at most\."'
        { Export-SegConfig -Schema $path -NoClobber } | Should -Throw -ErrorId 'FileExists*'
        Export-SegConfig -Schema (Get-TestPath 'w.schema.json') -WhatIf
        Get-TestPath 'w.schema.json' | Should -Not -Exist
        { $config | Export-SegConfig -Schema $path -ErrorAction Stop } | Should -Throw
    }

    It 'takes a configuration that names its schema' {
        $path = Get-TestPath 'named.json'
        [System.IO.File]::WriteAllText($path, '{"$schema": "./medseg.schema.json", "model_name": "a"}')
        (Import-SegConfig $path -WarningVariable warnings).ModelName | Should -Be 'a'
        $warnings | Should -BeNullOrEmpty
    }

    It 'has help with examples and supports ShouldProcess' {
        (Get-Help Export-SegConfig).Examples.Example.Count | Should -BeGreaterOrEqual 2
        (Get-Command Export-SegConfig).Parameters.ContainsKey('WhatIf') | Should -BeTrue
        (Get-Command Export-SegConfig).OutputType.Name | Should -Contain 'System.IO.FileInfo'
    }
}
