# Imports the module under test: $env:MEDSEG_MODULE (a module folder or manifest) when set, else the newest version
# staged under artifacts/MedSeg. Dot-source it in BeforeAll; it needs only PowerShell's core cmdlets.
if (-not $env:MEDSEG_MODULE) {
    $root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'MedSeg'))
    $newest = $null
    if ([System.IO.Directory]::Exists($root)) {
        foreach ($folder in [System.IO.Directory]::GetDirectories($root)) {
            $version = $null
            if ([version]::TryParse([System.IO.Path]::GetFileName($folder), [ref] $version) -and ($null -eq $newest -or $version -gt $newest)) {
                $newest = $version
            }
        }
    }
    if ($null -eq $newest) { throw "No staged module under '$root'. Run: dotnet build -c Release" }
    $env:MEDSEG_MODULE = [System.IO.Path]::Combine($root, $newest.ToString())
}
$manifest = $env:MEDSEG_MODULE
if ([System.IO.Directory]::Exists($manifest)) { $manifest = [System.IO.Path]::Combine($manifest, 'MedSeg.psd1') }
Import-Module $manifest -ErrorAction Stop
