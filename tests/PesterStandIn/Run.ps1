# The second phase: executes what discovery found.

function Invoke-SpecFile {
    $script:state.Block = $null
    New-SpecDrive
    try { Invoke-Block $script:state.Root @() @() }
    finally { Remove-SpecDrive }
}

function Invoke-Block($Block, [string[]] $Path, [object[]] $Outer) {
    # $Outer: the blocks around this one, outermost first. Their BeforeEach and AfterEach apply to the tests in here.
    if (-not (Test-AnyToRun $Block)) {
        Add-Unrun $Block $Path
        return
    }
    $chain = @($Outer) + $Block
    $before = Get-SpecDriveEntry
    & $script:state.Scope {
        $names = $Path
        try {
            Set-SpecData $Block
            if ($Block -ne $script:state.Root) { $names = @($Path) + (Expand-Name $Block.Name) }
            if ($Block.BeforeAll) { do { $null = . $Block.BeforeAll } until ($true) }
        }
        catch {
            Add-FailedBlock $Block $names "BeforeAll failed: $(Get-Failure $_)"
            Invoke-AfterAll $Block $names
            return
        }
        foreach ($item in $Block.Items) {
            if ($item.IsBlock) { Invoke-Block $item $names $chain }
            else { Invoke-Test $item $names $chain }
        }
        Invoke-AfterAll $Block $names
    }
    Clear-SpecDrive $before
}

function Invoke-AfterAll($Block, [string[]] $Path) {
    if (-not $Block.AfterAll) { return }
    try { do { $null = . $Block.AfterAll } until ($true) }
    catch { Add-Record -Path (@($Path) + 'AfterAll') -Result Failed -Message (Get-Failure $_) }
}

function Invoke-Test($Test, [string[]] $Path, [object[]] $Chain) {
    if (-not (Test-Selected $Test $Chain)) {
        Add-Record -Id $Test.Id -Path (@($Path) + $Test.Name) -Result NotRun
        return
    }
    if ($Test.Skip) {
        Add-Record -Id $Test.Id -Path (@($Path) + (Expand-TestName $Test)) -Result Skipped
        return
    }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    & $script:state.Scope {
        $failures = @()
        $name = $Test.Name
        try {
            Set-SpecData $Test
            $name = Expand-Name $Test.Name
            foreach ($block in $Chain) {
                if ($block.BeforeEach) { do { $null = . $block.BeforeEach } until ($true) }
            }
            do { $null = . $Test.Body } until ($true)
        }
        catch { $failures += Get-Failure $_ }
        for ($i = $Chain.Count - 1; $i -ge 0; $i--) {
            if (-not $Chain[$i].AfterEach) { continue }
            try { do { $null = . $Chain[$i].AfterEach } until ($true) }
            catch { $failures += Get-Failure $_ }
        }
        $result = if ($failures) { 'Failed' } else { 'Passed' }
        Add-Record $Test.Id (@($Path) + $name) $result ($failures -join [System.Environment]::NewLine) $clock.Elapsed.TotalMilliseconds
    }
}

function Add-FailedBlock($Block, [string[]] $Path, [string] $Message) {
    foreach ($item in $Block.Items) {
        if ($item.IsBlock) { Add-FailedBlock $item (@($Path) + $item.Name) $Message }
        else { Add-Record -Id $item.Id -Path (@($Path) + $item.Name) -Result Failed -Message $Message }
    }
}

function Add-Unrun($Block, [string[]] $Path) {
    # A block none of whose tests is to run: its set-up is left out too, as in Pester.
    $names = @($Path)
    if ($Block -ne $script:state.Root) { $names += Expand-TestName $Block }
    foreach ($item in $Block.Items) {
        if ($item.IsBlock) { Add-Unrun $item $names; continue }
        $result = if ($item.Skip) { 'Skipped' } else { 'NotRun' }
        Add-Record -Id $item.Id -Path (@($names) + (Expand-TestName $item)) -Result $result
    }
}

function Add-DiscoveredBlock($Block) {
    # Records for -DiscoverOnly.
    & $script:state.Scope { Set-SpecData $Block; Add-Unrun $Block @() }
}

function Test-AnyToRun($Block, [object[]] $Outer) {
    $chain = @($Outer) + $Block
    foreach ($item in $Block.Items) {
        if ($item.IsBlock) { if (Test-AnyToRun $item $chain) { return $true } }
        elseif (-not $item.Skip -and (Test-Selected $item $chain)) { return $true }
    }
    $false
}

function Test-Selected($Test, [object[]] $Chain) {
    if (-not $script:state.Tag -and -not $script:state.Exclude) { return $true }
    $tags = @($Test.Tag)
    foreach ($block in $Chain) { $tags += $block.Tag }
    foreach ($tag in $script:state.Exclude) { if ($tags -contains $tag) { return $false } }
    if (-not $script:state.Tag) { return $true }
    foreach ($tag in $script:state.Tag) { if ($tags -contains $tag) { return $true } }
    $false
}

function Expand-TestName($Item) {
    # The title of something that is not run: only -ForEach values are known.
    $title = @{ Text = $Item.Name }
    $null = & $script:state.Scope { Set-SpecData $Item; $title.Text = Expand-Name $Item.Name }
    $title.Text
}

function Expand-Name([string] $Name) {
    # Replaces <expression> by the value of $expression in the spec's current scope; a backtick before < keeps it.
    if (-not $Name.Contains('<')) { return $Name }
    $escaped = $Name.Replace('$', '`$').Replace('"', '`"')
    $text = [regex]::Replace($escaped, '(?<!`)<([^>^`]+)>', '$$($$$1)')
    [string] @(Invoke-InSpec ([scriptblock]::Create('"' + $text + '"')))[0]
}
