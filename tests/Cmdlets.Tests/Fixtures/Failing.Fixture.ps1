# Every test in here fails, in Pester 5 and in the stand-in.
Describe 'Each of these fails' {
    It 'a thrown error' { throw 'boom' }
    It 'an unknown command' { Get-NothingOfThatName }
    It 'a failed assertion before a good one' { 1 | Should -Be 2; 1 | Should -Be 1 }
    It 'a terminating .NET error' { [int]::Parse('x') }
    It 'an unknown operator' { 1 | Should -BeWonderful }
    It '-Be' { 1 | Should -Be 2 }
    It '-Be with arrays' { 1, 2 | Should -Be 1, 3 }
    It '-Be with a longer array' { 1, 2, 3 | Should -Be 1, 2 }
    It '-Be $null' { 0 | Should -Be $null }
    It '-Be text' { 'a' | Should -Be 'b' }
    It '-Not -Be' { 'a' | Should -Not -Be 'A' }
    It '-BeExactly' { 'a' | Should -BeExactly 'A' }
    It '-BeGreaterThan' { 1 | Should -BeGreaterThan 1 }
    It '-BeGreaterThan for the second value' { 2, 1 | Should -BeGreaterThan 1 }
    It '-BeGreaterOrEqual' { 0 | Should -BeGreaterOrEqual 1 }
    It '-BeLessThan' { 1 | Should -BeLessThan 1 }
    It '-BeLessOrEqual' { 2 | Should -BeLessOrEqual 1 }
    It '-Not -BeGreaterThan' { 2 | Should -Not -BeGreaterThan 1 }
    It '-Not -BeLessOrEqual' { 1 | Should -Not -BeLessOrEqual 1 }
    It '-BeOfType' { 'a' | Should -BeOfType [int] }
    It '-BeOfType for nothing' { $null | Should -BeOfType [int] }
    It '-BeOfType without such a type' { 1 | Should -BeOfType [NoSuchType] }
    It '-Not -BeOfType' { 1 | Should -Not -BeOfType [int] }
    It '-BeNullOrEmpty' { 'a' | Should -BeNullOrEmpty }
    It '-Not -BeNullOrEmpty' { @() | Should -Not -BeNullOrEmpty }
    It '-BeTrue' { 0 | Should -BeTrue }
    It '-BeFalse' { 1 | Should -BeFalse }
    It '-Match' { 'abc' | Should -Match 'd' }
    It '-Not -Match' { 'abc' | Should -Not -Match 'B' }
    It '-BeLike' { 'abc' | Should -BeLike 'b*' }
    It '-Exist' { 'TestDrive:/none' | Should -Exist }
    It '-Not -Exist' { 'TestDrive:/' | Should -Not -Exist }
    It '-Contain' { 1, 2 | Should -Contain 3 }
    It '-Not -Contain' { 1, 2 | Should -Not -Contain 2 }
    It '-BeIn' { 3 | Should -BeIn 1, 2 }
    It '-HaveCount' { 1, 2 | Should -HaveCount 3 }
    It '-Not -HaveCount' { 1, 2 | Should -Not -HaveCount 2 }
    It '-Throw without an error' { { 1 } | Should -Throw }
    It '-Throw with another message' { { throw 'a' } | Should -Throw -ExpectedMessage 'b' }
    It '-Throw with another id' { { throw 'a' } | Should -Throw -ErrorId 'b' }
    It '-Throw with another type' { { throw 'a' } | Should -Throw -ExceptionType ([System.IO.IOException]) }
    It '-Throw without a block' { 'a' | Should -Throw }
    It '-Not -Throw' { { throw 'a' } | Should -Not -Throw }
    It 'one of two: <_>' -ForEach 2, 3 { $_ | Should -Be 1 }
}

Describe 'BeforeAll throws' {
    BeforeAll { throw 'boom' }
    It 'fails each test' { }
    It 'a skipped one too' -Skip { }
    Context 'Inner' {
        It 'and the inner ones' { }
    }
}

Describe 'BeforeEach throws' {
    BeforeEach { throw 'boom' }
    It 'fails the test' { }
}

Describe 'AfterEach throws' {
    AfterEach { throw 'boom' }
    It 'fails the test' { }
}
