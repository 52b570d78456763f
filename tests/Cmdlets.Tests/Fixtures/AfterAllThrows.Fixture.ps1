# The test passes, the block does not.
Describe 'Block' {
    AfterAll { throw 'at the end' }
    It 'passes' { }
}
