@{
    RootModule        = 'PesterStandIn.psm1'
    ModuleVersion     = '1.0.0'
    GUID              = '0d5f8f1e-6f0c-4c1b-9a57-7e6b5c1d2a40'
    Author            = 'MedSeg contributors'
    Copyright         = 'Copyright (c) MedSeg contributors. MIT licence.'
    Description       = 'Runs Pester 5 spec files where Pester cannot be installed. Needs only PowerShell''s core cmdlets.'
    PowerShellVersion = '7.6'
    FunctionsToExport = @(
        'Invoke-Spec', 'Describe', 'Context', 'It', 'BeforeDiscovery', 'BeforeAll', 'BeforeEach', 'AfterEach', 'AfterAll', 'Should'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
