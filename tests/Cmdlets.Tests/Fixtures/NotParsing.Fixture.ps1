# Not PowerShell.
Describe 'Broken' {
    It 'x' { 1 | Should -Be 1
}
