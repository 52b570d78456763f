# Finding the tests throws.
Describe 'Broken' {
    It 'x' { }
    throw 'in discovery'
}
