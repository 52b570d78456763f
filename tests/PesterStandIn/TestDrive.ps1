# TestDrive: and $TestDrive, a folder that lasts as long as the file's run. What a block adds goes when the block ends.

function New-SpecDrive {
    $root = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), [System.Guid]::NewGuid().ToString())
    $folder = [System.IO.Directory]::CreateDirectory($root)
    $provider = $script:state.Session.Provider.GetOne('FileSystem')
    $drive = [System.Management.Automation.PSDriveInfo]::new('TestDrive', $provider, $folder.FullName, 'Spec drive', $null)
    $null = $script:state.Session.Drive.New($drive, 'Global')
    $script:state.Session.PSVariable.Set('global:TestDrive', $folder)
    $script:state.Drive = $folder.FullName
}

function Remove-SpecDrive {
    $script:state.Session.Drive.Remove('TestDrive', $true, 'Global')
    $script:state.Session.PSVariable.Remove('global:TestDrive')
    if ([System.IO.Directory]::Exists($script:state.Drive)) { [System.IO.Directory]::Delete($script:state.Drive, $true) }
}

function Get-SpecDriveEntry {
    if (-not [System.IO.Directory]::Exists($script:state.Drive)) { return , @() }
    , [System.IO.Directory]::GetFileSystemEntries($script:state.Drive, '*', [System.IO.SearchOption]::AllDirectories)
}

function Clear-SpecDrive([string[]] $Keep) {
    $kept = [System.Collections.Generic.HashSet[string]]::new([string[]] @($Keep))
    foreach ($entry in (Get-SpecDriveEntry)) {
        if ($kept.Contains($entry)) { continue }
        if ([System.IO.Directory]::Exists($entry)) {
            [System.IO.Directory]::Delete($entry, $true)
        }
        elseif ([System.IO.File]::Exists($entry)) { [System.IO.File]::Delete($entry) }
    }
}
