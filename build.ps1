#requires -Version 7.6
<#
.SYNOPSIS
Builds, tests and packs the MedSeg module.
.DESCRIPTION
Build stages the module in artifacts/MedSeg/<version>; Import-Module ./artifacts/MedSeg takes the newest version from there.
Test runs the specs of tests/Pester with Pester 5, or all tests with dotnet where Pester is not installed.
Package makes artifacts/MedSeg-<version>-<runtime>-<flavor>.zip: the same files give the same bytes.
Clean removes everything that a build makes.
.EXAMPLE
./build.ps1
.EXAMPLE
./build.ps1 -Task Package -Runtime win-x64
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('linux-x64', 'win-x64')]
    [string] $Runtime = $(if ($IsWindows) { 'win-x64' } else { 'linux-x64' }),

    [ValidateSet('cpu', 'cuda-windows', 'cuda-linux')]
    [string] $Flavor = 'cpu',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$artifacts = Join-Path $PSScriptRoot artifacts
$version = ([xml](Get-Content -Raw (Join-Path $PSScriptRoot Directory.Build.props))).SelectSingleNode('//Version').InnerText
$module = Join-Path $artifacts MedSeg $version

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args returned $LASTEXITCODE." }
}

function Build {
    $needed = @{ 'cuda-windows' = 'win-x64'; 'cuda-linux' = 'linux-x64' }[$Flavor]
    if ($needed -and $needed -ne $Runtime) { throw "Flavor $Flavor goes with -Runtime $needed." }
    Invoke-DotNet build (Join-Path $PSScriptRoot src Cmdlets) -c $Configuration "-p:SegRuntime=$Runtime" "-p:SegFlavor=$Flavor"
    "Staged in $module"
}

function Test {
    Build
    if (-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 })) {
        Invoke-DotNet test (Join-Path $PSScriptRoot MedSeg.PowerShell.sln) -c $Configuration
        return
    }

    $env:MEDSEG_MODULE = $module
    Import-Module Pester -MinimumVersion 5.0
    $pester = New-PesterConfiguration
    $pester.Run.Path = Join-Path $PSScriptRoot tests Pester
    $pester.Run.PassThru = $true
    $result = Invoke-Pester -Configuration $pester
    $broken = $result.FailedContainersCount + $result.FailedBlocksCount
    'Pester: passed {0}, failed {1}, skipped {2}' -f $result.PassedCount, ($result.FailedCount + $broken), ($result.SkippedCount + $result.NotRunCount)
    if ($result.Result -ne 'Passed' -or $result.PassedCount -eq 0) { throw 'Specs failed.' }
}

function Package {
    Build
    $zip = Join-Path $artifacts "MedSeg-$version-$Runtime-$Flavor.zip"
    $names = [System.IO.Directory]::GetFiles($module, '*', 'AllDirectories') |
        ForEach-Object { [System.IO.Path]::GetRelativePath($module, $_).Replace('\', '/') } |
        Where-Object { $_ -notlike 'engine/*' -or $_ -like "engine/$Runtime/*" }
    [array]::Sort($names, [System.StringComparer]::Ordinal)
    $stream = [System.IO.File]::Create($zip)
    $archive = [System.IO.Compression.ZipArchive]::new($stream, 'Create')
    try {
        foreach ($name in $names) {
            $entry = $archive.CreateEntry("MedSeg/$version/$name", 'Optimal')
            $entry.LastWriteTime = [System.DateTimeOffset]::new(2000, 1, 1, 0, 0, 0, [timespan]::Zero)
            $entry.ExternalAttributes = 0x81a4 -shl 16 # A plain file that its owner may write and all may read.
            $from = [System.IO.File]::OpenRead((Join-Path $module $name))
            $to = $entry.Open()
            try { $from.CopyTo($to) } finally { $to.Dispose(); $from.Dispose() }
        }
    }
    finally {
        $archive.Dispose()
        $stream.Dispose()
    }

    '{0}  {1}' -f (Get-FileHash $zip -Algorithm SHA256).Hash.ToLowerInvariant(), $zip
}

function Clean {
    Get-ChildItem $PSScriptRoot -Recurse -Filter *.csproj -File |
        ForEach-Object { Join-Path $_.DirectoryName bin; Join-Path $_.DirectoryName obj } |
        Where-Object { Test-Path -LiteralPath $_ } |
        Remove-Item -Recurse -Force
    Remove-Item $artifacts -Recurse -Force -ErrorAction Ignore
}

foreach ($name in $Task) { & $name }
