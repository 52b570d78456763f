# Every test in here passes, in Pester 5 and in the stand-in.
BeforeDiscovery {
    $cases = @(
        @{ Word = 'one'; Number = 1 }
        @{ Word = 'three'; Number = 3 }
    )
}

BeforeAll {
    $fromFile = 'file'
    function Get-Doubled([int] $Value) { 2 * $Value }
    function Write-Failure {
        [CmdletBinding()]
        param([string] $Id)
        $record = [System.Management.Automation.ErrorRecord]::new(
            [System.IO.FileNotFoundException]::new("No [file] '$Id'."), $Id, 'ObjectNotFound', $Id)
        $PSCmdlet.WriteError($record)
    }
}

Describe 'Scopes' {
    BeforeAll {
        $fromBlock = 'block'
        $log = [System.Collections.Generic.List[string]]::new()
    }
    BeforeEach {
        $fresh = 1
        $log.Add('outer before')
    }
    AfterEach { $log.Add("outer after $fresh") }

    It 'sees what BeforeAll of the file and of the block have set' {
        $fromFile | Should -BeExactly 'file'
        $fromBlock | Should -BeExactly 'block'
        Get-Doubled 4 | Should -Be 8
    }
    It 'runs BeforeEach in the scope of the test and AfterEach too' {
        $fresh++
        $fromBlock = 'changed'
        $fresh | Should -Be 2
    }
    It 'does not see what another test has set' {
        $fresh | Should -Be 1
        $fromBlock | Should -BeExactly 'block'
        $log[-2] | Should -BeExactly 'outer after 2'
    }
    It 'has the folder of the file' {
        $PSScriptRoot | Should -Match 'Fixtures$'
    }

    Context 'Inner' {
        BeforeAll { $log.Clear() }
        BeforeEach { $log.Add('inner before') }
        AfterEach { $log.Add('inner after') }
        It 'first' { $log -join ', ' | Should -Be 'outer before, inner before' }
        It 'runs set-up from the outside in and clean-up from the inside out' {
            $log -join ', ' | Should -Be 'outer before, inner before, inner after, outer after 1, outer before, inner before'
        }
    }
}

Describe 'Data in blocks: <Word>' -ForEach $cases {
    BeforeAll { $length = $Word.Length }
    It 'has <Word> with <length> letters and $_' {
        $Word.Length | Should -Be $length
        $_.Number | Should -Be $Number
    }
    It 'combines <_> with <Word>' -ForEach 'a', 'b' {
        $_ | Should -BeIn 'a', 'b'
        $Number | Should -BeIn 1, 3
    }
    It 'keeps `<this>, "quotes", $dollars and <Word.Length>' { $Word | Should -Not -BeNullOrEmpty }
}

Describe 'Data in tests' {
    It '<Word> is <Number>' -TestCases $cases { $_.Word | Should -BeExactly $Word }
    It '<_.Name> and <_.Count>' -ForEach @([pscustomobject] @{ Name = 'object'; Count = 7 }) { $_.Count | Should -Be 7 }
    It 'no data, no test' -ForEach @() { throw 'never' }
}

Describe 'Skipped' -Skip {
    BeforeAll { throw 'never' }
    It 'by its block' { throw 'never' }
}

Describe 'Partly skipped' -Tag 'Some' {
    It 'by itself' -Skip { throw 'never' }
    It 'by a condition' -Skip:$true { throw 'never' }
    It 'not at all' -Skip:$false -Tag 'Other' { 1 | Should -Be 1 }
}

Describe 'Should' {
    It '-Be' {
        1 | Should -Be 1
        '1' | Should -Be 1
        'A' | Should -Be 'a'
        'A' | Should -Not -Be 'b'
        1, 2 | Should -Be 1, 2
        1, 2 | Should -Not -Be 2, 1
        1, 2 | Should -Not -Be @(1)
        $null | Should -Be $null
        @() | Should -Be $null
        $null | Should -Not -Be 0
        [double]::NaN | Should -Not -Be 0
        [double]::NaN | Should -Not -Be ([double]::NaN)
        1.5 | Should -Be 1.5 -Because 'it is'
    }
    It '-BeExactly' {
        'A' | Should -BeExactly 'A'
        'A' | Should -Not -BeExactly 'a'
        'a', 'B' | Should -BeExactly 'a', 'B'
    }
    It 'orderings' {
        2 | Should -BeGreaterThan 1
        1 | Should -Not -BeGreaterThan 1
        1 | Should -BeGreaterOrEqual 1
        1 | Should -BeLessThan 2
        1 | Should -Not -BeLessThan 1
        1 | Should -BeLessOrEqual 1
        2, 3 | Should -BeGreaterThan 1
    }
    It '-BeOfType' {
        1 | Should -BeOfType [int]
        1 | Should -BeOfType ([int])
        'a' | Should -BeOfType System.String
        'a' | Should -Not -BeOfType [int]
        [System.ArgumentNullException]::new() | Should -BeOfType [System.ArgumentException]
        1, 2 | Should -BeOfType [int]
    }
    It '-BeNullOrEmpty' {
        $null | Should -BeNullOrEmpty
        '' | Should -BeNullOrEmpty
        @() | Should -BeNullOrEmpty
        @{} | Should -BeNullOrEmpty
        'a' | Should -Not -BeNullOrEmpty
        0 | Should -Not -BeNullOrEmpty
        1, 2 | Should -Not -BeNullOrEmpty
        @{ a = 1 } | Should -Not -BeNullOrEmpty
    }
    It '-BeTrue and -BeFalse' {
        $true | Should -BeTrue
        'a' | Should -BeTrue
        $false | Should -BeFalse
        0 | Should -BeFalse
        $null | Should -BeFalse
        0 | Should -Not -BeTrue
        1 | Should -Not -BeFalse
    }
    It '-Match and -BeLike' {
        'Some text' | Should -Match 'TEXT$'
        'Some text' | Should -Not -Match '^text'
        'Some text' | Should -BeLike 'some*'
        'Some text' | Should -Not -BeLike 'text*'
    }
    It '-Contain, -BeIn and -HaveCount' {
        1, 2 | Should -Contain 2
        'a', 'b' | Should -Contain 'B'
        1, 2 | Should -Not -Contain 3
        2 | Should -BeIn 1, 2
        2 | Should -Not -BeIn 1, 3
        1, 2 | Should -HaveCount 2
        'a' | Should -HaveCount 1
        @() | Should -HaveCount 0
        1, 2 | Should -Not -HaveCount 3
    }
    It '-Throw' {
        { throw 'an error' } | Should -Throw
        { throw 'an error' } | Should -Throw 'an error'
        { throw 'an error' } | Should -Throw -ExpectedMessage '*error'
        { throw 'an error' } | Should -Throw -ExceptionType ([System.Management.Automation.RuntimeException])
        { Write-Failure 'Gone' -ErrorAction Stop } | Should -Throw -ErrorId 'Gone,Write-Failure'
        { Write-Failure 'Gone' -ErrorAction Stop } | Should -Throw -ErrorId 'Gone*' -ExceptionType ([System.IO.IOException])
        { Write-Failure 'Gone' -ErrorAction SilentlyContinue } | Should -Not -Throw
        { 1 } | Should -Not -Throw
        { throw 'an error' } | Should -Throw -Because 'it must'
        ({ throw 'an error' } | Should -Throw -PassThru).Exception.Message | Should -BeExactly 'an error'
    }
    It '-Throw runs its block in a scope of its own' {
        $value = 1
        { $value = 2; throw 'x' } | Should -Throw
        $value | Should -Be 1
    }
    It 'leaves the pipeline empty' {
        @(1 | Should -Be 1) | Should -HaveCount 0
    }
}

Describe 'Errors that do not stop' {
    It 'do not fail a test' {
        Write-Failure 'Gone' -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'Gone,Write-Failure'
    }
}

Describe 'TestDrive' {
    BeforeAll { [System.IO.File]::WriteAllText([System.IO.Path]::Combine($TestDrive, 'kept.txt'), 'x') }
    It 'is a folder and a drive' {
        [System.IO.Directory]::Exists("$TestDrive") | Should -BeTrue
        'TestDrive:/kept.txt' | Should -Exist
        'TestDrive:/none.txt' | Should -Not -Exist
        [System.IO.Path]::Combine($TestDrive, 'kept.txt') | Should -Exist
        "$TestDrive/k*.txt" | Should -Exist
        $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath('TestDrive:/kept.txt') |
            Should -Be ([System.IO.Path]::Combine($TestDrive, 'kept.txt'))
    }
    Context 'Inner' {
        It 'adds' {
            [System.IO.File]::WriteAllText([System.IO.Path]::Combine($TestDrive, 'inner.txt'), 'x')
            $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($TestDrive, 'deep', 'deeper'))
            'TestDrive:/inner.txt' | Should -Exist
        }
    }
    It 'keeps what this block wrote and not what the inner one did' {
        'TestDrive:/kept.txt' | Should -Exist
        'TestDrive:/inner.txt' | Should -Not -Exist
        'TestDrive:/deep' | Should -Not -Exist
    }
}

Describe 'A new block' {
    It 'has an empty TestDrive' { 'TestDrive:/kept.txt' | Should -Not -Exist }
}
