# The first phase: which blocks and tests a file holds.

function New-Block([string] $Name, [string[]] $Tag, [bool] $Skip, $Data, [bool] $HasData) {
    @{
        IsBlock = $true; Name = $Name; Tag = $Tag; Skip = $Skip; Data = $Data; HasData = $HasData
        Items = [System.Collections.Generic.List[object]]::new()
        BeforeAll = $null; BeforeEach = $null; AfterEach = $null; AfterAll = $null
    }
}

function Find-Test {
    # Runs the file once. True when that went well.
    $script:state.Root = $script:state.Block = New-Block ''
    try {
        $null = & $script:state.Scope {
            do { $null = Invoke-InSpec ([scriptblock]::Create('& $args[0]')) $script:state.File } until ($true)
        }
        return $true
    }
    catch {
        $cause = $_
        # Invoking through .NET wraps what the file threw.
        if ($cause.Exception -is [System.Management.Automation.MethodInvocationException] -and
            $cause.Exception.InnerException -is [System.Management.Automation.RuntimeException]) {
            $cause = $cause.Exception.InnerException.ErrorRecord
        }
        $script:state.Records.Clear()
        Add-Record -Result Failed -Message "Discovery failed: $(Get-Failure $cause)"
        return $false
    }
}

function Add-Block {
    param($Name, $Body, $Tag, $Skip, $Data, $HasData)
    $parent = $script:state.Block
    $block = New-Block $Name $Tag ($Skip -or $parent.Skip) $Data $HasData
    $parent.Items.Add($block)
    $script:state.Block = $block
    try {
        $null = & $script:state.Scope {
            Set-SpecData $block
            do { $null = & $Body } until ($true)
        }
    }
    finally { $script:state.Block = $parent }
}

function Set-SpecData($Item) {
    # Gives the current scope of the spec the values of one -ForEach element: $_ and, for a hashtable, its keys.
    if (-not $Item.HasData) { return }
    $variables = $script:state.Session.PSVariable
    $variables.Set('_', $Item.Data)
    if ($Item.Data -is [System.Collections.IDictionary]) {
        foreach ($key in $Item.Data.Keys) { $variables.Set([string] $key, $Item.Data[$key]) }
    }
}

function Assert-Discovery([string] $Command) {
    if (-not $script:state) { throw "$Command works only in a spec file that Invoke-Spec runs." }
    if (-not $script:state.Block) { throw "$Command cannot be used inside a test or a set-up block." }
}

function Describe {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Fixture,
        [string[]] $Tag,
        [switch] $Skip,
        [Alias('TestCases')] [AllowNull()] [AllowEmptyCollection()] [object[]] $ForEach
    )
    Assert-Discovery $MyInvocation.InvocationName
    if (-not $PSBoundParameters.ContainsKey('ForEach')) {
        Add-Block -Name $Name -Body $Fixture -Tag $Tag -Skip ([bool] $Skip) -HasData $false
        return
    }
    foreach ($element in $ForEach) {
        Add-Block -Name $Name -Body $Fixture -Tag $Tag -Skip ([bool] $Skip) -Data $element -HasData $true
    }
}

function Context {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Fixture,
        [string[]] $Tag,
        [switch] $Skip,
        [Alias('TestCases')] [AllowNull()] [AllowEmptyCollection()] [object[]] $ForEach
    )
    Describe @PSBoundParameters
}

function It {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Test,
        [string[]] $Tag,
        [switch] $Skip,
        [Alias('TestCases')] [AllowNull()] [AllowEmptyCollection()] [object[]] $ForEach
    )
    Assert-Discovery 'It'
    $parent = $script:state.Block
    if ($parent -eq $script:state.Root) { throw 'It must stand inside Describe or Context.' }
    $hasData = $PSBoundParameters.ContainsKey('ForEach')
    if (-not $hasData) { $ForEach = @($null) }
    foreach ($element in $ForEach) {
        $script:state.Tests++
        $parent.Items.Add(@{
                IsBlock = $false; Id = $script:state.Tests; Name = $Name; Body = $Test; Tag = $Tag
                Skip = [bool] $Skip -or $parent.Skip; Data = $element; HasData = $hasData
            })
    }
}

function BeforeDiscovery([Parameter(Mandatory)] [scriptblock] $ScriptBlock) {
    Assert-Discovery 'BeforeDiscovery'
    do { $null = . $ScriptBlock } until ($true)
}

function BeforeAll([Parameter(Mandatory)] [scriptblock] $ScriptBlock) { Set-BlockStep BeforeAll $ScriptBlock }
function BeforeEach([Parameter(Mandatory)] [scriptblock] $ScriptBlock) { Set-BlockStep BeforeEach $ScriptBlock }
function AfterEach([Parameter(Mandatory)] [scriptblock] $ScriptBlock) { Set-BlockStep AfterEach $ScriptBlock }
function AfterAll([Parameter(Mandatory)] [scriptblock] $ScriptBlock) { Set-BlockStep AfterAll $ScriptBlock }

function Set-BlockStep([string] $Step, [scriptblock] $Body) {
    Assert-Discovery $Step
    if ($script:state.Block[$Step]) { throw "$Step is already defined in this block." }
    $script:state.Block[$Step] = $Body
}
