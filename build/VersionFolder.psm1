# Staged as <version>.psm1: PowerShell looks for a file of this name when it is given the version folder itself.
Import-Module "$PSScriptRoot/MedSeg.psd1" -Global
