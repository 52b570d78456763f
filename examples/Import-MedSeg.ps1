# Imports the module unless it is there already: the newest version staged in this checkout, else the installed one.
# Needs only PowerShell's core cmdlets, so that the examples run in the medseg shell too.
if (-not (Get-Module MedSeg)) {
    $staged = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'artifacts', 'MedSeg'))
    $newest = $null
    if ([System.IO.Directory]::Exists($staged)) {
        foreach ($folder in [System.IO.Directory]::GetDirectories($staged)) {
            $version = $null
            if ([version]::TryParse([System.IO.Path]::GetFileName($folder), [ref] $version) -and ($null -eq $newest -or $version -gt $newest)) {
                $newest = $version
            }
        }
    }
    if ($null -ne $newest) {
        Import-Module ([System.IO.Path]::Combine($staged, $newest.ToString(), 'MedSeg.psd1'))
    }
    else {
        Import-Module MedSeg
    }
}
