# A stand-in for Pester 5: enough of it to run the spec files of this repository on a bare PowerShell engine.
# As in Pester a file is handled in two phases. Discovery runs the file and the bodies of Describe and Context, and
# collects tests and set-up blocks; the run then executes those. docs/testing.md lists what specs may use.

$script:state = $null

. "$PSScriptRoot/Discovery.ps1"
. "$PSScriptRoot/Run.ps1"
. "$PSScriptRoot/TestDrive.ps1"
. "$PSScriptRoot/Should.ps1"

function Invoke-Spec {
    # Runs one spec file and returns one record per test, and one with Id 0 for each thing that is wrong with the file or
    # a block of it: it does not parse, discovery throws, it holds no test, AfterAll throws.
    # Record: File, Id (from 1, in file order), Path (names from the outermost block to the test), Result (Passed, Failed,
    # Skipped, NotRun), Message, Milliseconds.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Path,
        # Only find the tests: every result is NotRun or Skipped.
        [switch] $DiscoverOnly,
        # Only tests that have one of these tags, on themselves or on a block around them.
        [string[]] $Tag,
        [string[]] $ExcludeTag
    )

    $file = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
    $script:state = @{
        File    = $file
        Session = $PSCmdlet.SessionState
        # A block of the caller's session state: what it calls runs in a fresh scope there, where the spec's blocks live.
        Scope   = @(Invoke-InSpec ([scriptblock]::Create('{ & $args[0] }')))[0]
        Records = [System.Collections.Generic.List[object]]::new()
        Root    = $null
        Block   = $null
        Tests   = 0
        Tag     = $Tag
        Exclude = $ExcludeTag
    }
    try {
        if (Find-Test) {
            if ($script:state.Tests -eq 0) {
                Add-Record -Result Failed -Message 'The file holds no test.'
            }
            elseif ($DiscoverOnly) { Add-DiscoveredBlock $script:state.Root }
            else { Invoke-SpecFile }
        }
        $script:state.Records
    }
    finally { $script:state = $null }
}

function Invoke-InSpec([scriptblock] $Block, [object[]] $Arguments) {
    # Dot-sources a block into the current scope of the caller's session state.
    $session = if ($script:state) { $script:state.Session } else { $PSCmdlet.SessionState }
    $session.InvokeCommand.InvokeScript($session, $Block, $Arguments)
}

function Add-Record([int] $Id, [string[]] $Path, [string] $Result, [string] $Message, [double] $Milliseconds) {
    $script:state.Records.Add([pscustomobject] @{
            File = $script:state.File; Id = $Id; Path = $Path; Result = $Result; Message = $Message; Milliseconds = $Milliseconds
        })
}

function Get-Failure([System.Management.Automation.ErrorRecord] $ErrorRecord) {
    # What went wrong and where in the spec, without this module's own frames.
    $lines = @($ErrorRecord.Exception.Message)
    foreach ($frame in "$($ErrorRecord.ScriptStackTrace)".Split("`n")) {
        if ($frame -and -not $frame.Contains($PSScriptRoot) -and -not $frame.Contains('<No file>')) { $lines += $frame.TrimEnd() }
    }
    $lines -join [System.Environment]::NewLine
}

Export-ModuleMember -Function Invoke-Spec, Describe, Context, It, BeforeDiscovery, BeforeAll, BeforeEach, AfterEach, AfterAll, Should
