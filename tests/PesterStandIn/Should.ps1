# Assertions. Each operator answers $null when it holds, else the sentence that says what was expected and what came.

function Should {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline)] [object] $ActualValue,
        [switch] $Not,
        [string] $Because,

        [Parameter(Mandatory, ParameterSetName = 'Be')] [Alias('EQ')] [switch] $Be,
        [Parameter(Mandatory, ParameterSetName = 'BeExactly')] [Alias('CEQ')] [switch] $BeExactly,
        [Parameter(Mandatory, ParameterSetName = 'BeGreaterThan')] [Alias('GT')] [switch] $BeGreaterThan,
        [Parameter(Mandatory, ParameterSetName = 'BeGreaterOrEqual')] [Alias('GE')] [switch] $BeGreaterOrEqual,
        [Parameter(Mandatory, ParameterSetName = 'BeLessThan')] [Alias('LT')] [switch] $BeLessThan,
        [Parameter(Mandatory, ParameterSetName = 'BeLessOrEqual')] [Alias('LE')] [switch] $BeLessOrEqual,
        [Parameter(Mandatory, ParameterSetName = 'BeLike')] [switch] $BeLike,
        [Parameter(Mandatory, ParameterSetName = 'BeIn')] [switch] $BeIn,
        [Parameter(Mandatory, ParameterSetName = 'BeNullOrEmpty')] [switch] $BeNullOrEmpty,
        [Parameter(Mandatory, ParameterSetName = 'BeTrue')] [switch] $BeTrue,
        [Parameter(Mandatory, ParameterSetName = 'BeFalse')] [switch] $BeFalse,
        [Parameter(Mandatory, ParameterSetName = 'BeOfType')] [Alias('HaveType')] [switch] $BeOfType,
        [Parameter(Mandatory, ParameterSetName = 'Contain')] [switch] $Contain,
        [Parameter(Mandatory, ParameterSetName = 'Exist')] [switch] $Exist,
        [Parameter(Mandatory, ParameterSetName = 'HaveCount')] [switch] $HaveCount,
        [Parameter(Mandatory, ParameterSetName = 'Match')] [switch] $Match,
        [Parameter(Mandatory, ParameterSetName = 'Throw')] [switch] $Throw,

        [Parameter(Position = 0, ParameterSetName = 'Be')]
        [Parameter(Position = 0, ParameterSetName = 'BeExactly')]
        [Parameter(Position = 0, ParameterSetName = 'BeGreaterThan')]
        [Parameter(Position = 0, ParameterSetName = 'BeGreaterOrEqual')]
        [Parameter(Position = 0, ParameterSetName = 'BeLessThan')]
        [Parameter(Position = 0, ParameterSetName = 'BeLessOrEqual')]
        [Parameter(Position = 0, ParameterSetName = 'BeLike')]
        [Parameter(Position = 0, ParameterSetName = 'BeIn')]
        [Parameter(Position = 0, ParameterSetName = 'Contain')]
        [Parameter(Position = 0, ParameterSetName = 'HaveCount')]
        [object] $ExpectedValue,

        [Parameter(Position = 0, ParameterSetName = 'BeOfType')] [object] $ExpectedType,
        [Parameter(Position = 0, ParameterSetName = 'Match')] [object] $RegularExpression,
        [Parameter(Position = 0, ParameterSetName = 'Throw')] [string] $ExpectedMessage,
        [Parameter(Position = 1, ParameterSetName = 'Throw')] [string] $ErrorId,
        [Parameter(Position = 2, ParameterSetName = 'Throw')] [type] $ExceptionType,
        [Parameter(ParameterSetName = 'Throw')] [switch] $PassThru
    )
    begin { $values = [System.Collections.Generic.List[psobject]]::new() }
    process { $values.Add($ActualValue) }
    end {
        $operator = $PSCmdlet.ParameterSetName
        if ($operator -eq 'Throw') {
            foreach ($value in $values) {
                $thrown = Assert-Throw $value $Not $Because $ExpectedMessage $ErrorId $ExceptionType
                if ($PassThru) { $thrown }
            }
            return
        }
        $expected = switch ($operator) {
            'BeOfType' { , (Resolve-SpecType $ExpectedType) }
            'Match' { , $RegularExpression }
            default { , $ExpectedValue }
        }
        # These look at all that came through the pipeline at once, the others at one value after the other.
        if ($operator -in 'Be', 'BeExactly', 'BeNullOrEmpty', 'Contain', 'HaveCount') {
            Assert-Operator $operator $values.ToArray() $expected $Not $Because
            return
        }
        foreach ($value in $values) { Assert-Operator $operator $value $expected $Not $Because }
    }
}

function Assert-Operator([string] $Operator, $Actual, $Expected, [bool] $Not, [string] $Because) {
    $holds = switch ($Operator) {
        'Be' { Test-SameValue $Actual $Expected $false }
        'BeExactly' { Test-SameValue $Actual $Expected $true }
        'BeGreaterThan' { -not ($Actual -le $Expected) }
        'BeGreaterOrEqual' { -not ($Actual -lt $Expected) }
        'BeLessThan' { -not ($Actual -ge $Expected) }
        'BeLessOrEqual' { -not ($Actual -gt $Expected) }
        'BeLike' { [bool] ($Actual -like $Expected) }
        'BeIn' { $Expected -contains $Actual }
        'BeNullOrEmpty' { Test-NullOrEmpty $Actual }
        'BeTrue' { [bool] $Actual }
        'BeFalse' { -not $Actual }
        'BeOfType' { $Actual -is $Expected }
        'Contain' { $Actual -contains $Expected }
        'Exist' { Test-ItemExists $Actual }
        'HaveCount' { $Actual.Count -eq [int] $Expected }
        'Match' { [bool] ($Actual -match $Expected) }
    }
    # As Pester has it, the opposite of an ordering is the opposite operator: it differs where neither holds, as for NaN.
    if ($Not) {
        $holds = switch ($Operator) {
            'BeGreaterThan' { -not ($Actual -gt $Expected) }
            'BeGreaterOrEqual' { -not ($Actual -ge $Expected) }
            'BeLessThan' { -not ($Actual -lt $Expected) }
            'BeLessOrEqual' { -not ($Actual -le $Expected) }
            default { -not $holds }
        }
    }
    if ($holds) { return }
    $wanted = if ($Operator -in 'BeNullOrEmpty', 'BeTrue', 'BeFalse', 'Exist') { '' } else { " $(Format-Value $Expected)" }
    $negation = if ($Not) { '-Not ' } else { '' }
    $reason = if ($Because) { ", because $Because," } else { '' }
    Stop-Assertion "Expected $negation-$Operator$wanted$reason but got $(Format-Value $Actual)."
}

function Assert-Throw($Block, [bool] $Not, [string] $Because, [string] $Message, [string] $Id, [type] $Type) {
    if ($Block -isnot [scriptblock]) {
        throw [System.ArgumentException]::new("Input is missing or not a ScriptBlock. Input to '-Throw' must be enclosed in curly braces.")
    }
    $thrown = $null
    try { do { $null = & $Block } until ($true) }
    catch { $thrown = $_ }
    $reason = if ($Because) { ", because $Because," } else { '' }
    if ($Not) {
        if ($thrown) { Stop-Assertion "Expected no exception$reason but got '$($thrown.Exception.Message)'." }
        return
    }
    if (-not $thrown) { Stop-Assertion "Expected an exception$reason but none was thrown." }
    if ($Type -and $thrown.Exception -isnot $Type) {
        Stop-Assertion "Expected an exception of type [$Type]$reason but it was [$($thrown.Exception.GetType())]: $($thrown.Exception.Message)"
    }
    if ($Message -and $thrown.Exception.Message -notlike $Message) {
        Stop-Assertion "Expected an exception with message like '$Message'$reason but it was '$($thrown.Exception.Message)'."
    }
    if ($Id -and $thrown.FullyQualifiedErrorId -notlike $Id) {
        Stop-Assertion "Expected an exception with FullyQualifiedErrorId '$Id'$reason but it was '$($thrown.FullyQualifiedErrorId)'."
    }
    $thrown
}

function Stop-Assertion([string] $Message) {
    $failure = [System.Exception]::new($Message)
    throw [System.Management.Automation.ErrorRecord]::new($failure, 'PesterAssertionFailed', 'InvalidResult', $null)
}

function Test-SameValue([object[]] $First, [object[]] $Second, [bool] $CaseSensitive, [int] $Depth = 0) {
    # Arrays element by element; nothing, $null and an array of one $null are the same.
    if ($Depth -gt 100) { throw 'The arrays are nested too deeply to compare.' }
    $firstEmpty = $null -eq $First -or $First.Count -eq 0 -or ($First.Count -eq 1 -and $null -eq $First[0])
    $secondEmpty = $null -eq $Second -or $Second.Count -eq 0 -or ($Second.Count -eq 1 -and $null -eq $Second[0])
    if ($firstEmpty -or $secondEmpty) { return $firstEmpty -and $secondEmpty }
    if ($First.Count -ne $Second.Count) { return $false }
    for ($i = 0; $i -lt $First.Count; $i++) {
        $same = if ($First[$i] -is [array] -or $Second[$i] -is [array]) {
            Test-SameValue $First[$i] $Second[$i] $CaseSensitive ($Depth + 1)
        }
        elseif ($CaseSensitive) { $Second[$i] -ceq $First[$i] }
        else { $Second[$i] -eq $First[$i] }
        if (-not $same) { return $false }
    }
    $true
}

function Test-NullOrEmpty([object[]] $Value) {
    if ($null -eq $Value -or $Value.Count -eq 0) { return $true }
    if ($Value.Count -gt 1) { return $false }
    if ($Value[0] -is [hashtable]) { return $Value[0].Count -eq 0 }
    [string]::IsNullOrEmpty($Value[0])
}

function Test-ItemExists($Path) {
    # With wildcards, on any drive of the spec's session, TestDrive: among them.
    $script:state.Session.InvokeProvider.Item.Exists([string] $Path)
}

function Resolve-SpecType($Type) {
    if ($Type -isnot [string]) { return $Type }
    $name = $Type -replace '^\[(.*)\]$', '$1'
    $found = $name -as [type]
    if (-not $found) { throw [System.ArgumentException]::new("Could not find type [$name]. Make sure that its assembly is loaded.") }
    $found
}

function Format-Value($Value) {
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [string]) { return "'$Value'" }
    if ($Value -is [bool]) { return "`$$Value".ToLowerInvariant() }
    if ($Value -is [type]) { return "[$Value]" }
    if ($Value -is [array]) {
        $parts = foreach ($element in $Value) { Format-Value $element }
        if ($Value.Count -eq 1) { return $parts }
        return "@($($parts -join ', '))"
    }
    [System.Management.Automation.LanguagePrimitives]::ConvertTo($Value, [string], [cultureinfo]::InvariantCulture)
}
