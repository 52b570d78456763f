# No test in here.
Describe 'Nothing' {
}
