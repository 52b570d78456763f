BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"
}

Describe 'Test-BidsDataset' {
    BeforeAll {
        $clean = [System.IO.Path]::Combine($TestDrive, 'sites', 'clean')
        $bad = [System.IO.Path]::Combine($TestDrive, 'sites', 'bad')
        $null = New-BidsPhantom $clean -Subjects 2 -Contrast T1w, T2w -Size 16, 16, 4
        $null = New-BidsPhantom $bad -Subjects 2 -Contrast T2w -Size 16, 16, 4 -Seed 2
        [System.IO.File]::WriteAllText([System.IO.Path]::Combine($TestDrive, 'sites', 'notes.txt'), 'not a dataset')
        # A copy across subjects, which only the voxels show, and a sidecar of nothing.
        $images = [System.IO.Path]::Combine($bad, 'sub-01', 'anat', 'sub-01_T2w.nii.gz'), [System.IO.Path]::Combine($bad, 'sub-02', 'anat', 'sub-02_T2w.nii.gz')
        [System.IO.File]::Copy($images[0], $images[1], $true)
        [System.IO.File]::WriteAllText([System.IO.Path]::Combine($bad, 'sub-01', 'anat', 'sub-01_T2star.json'), '{}')
    }

    It 'finds nothing in a clean dataset, deep or not' {
        Test-BidsDataset $clean | Should -BeNullOrEmpty
        Test-BidsDataset $clean -Deep | Should -BeNullOrEmpty
    }

    It 'returns findings with id, severity, path, message and what to do' {
        $finding = Test-BidsDataset $bad
        $finding | Should -HaveCount 1
        $finding | Should -BeOfType ([MedSeg.BidsFinding])
        $finding.Id | Should -BeExactly 'OrphanSidecar'
        $finding.Severity | Should -Be 'Warning'
        $finding.Path | Should -Exist
        $finding.Message | Should -Match 'sub-01_T2star\.json'
        $finding.Recommendation | Should -Not -BeNullOrEmpty
    }

    It 'reads voxels with -Deep' {
        (Test-BidsDataset $bad -Deep).Id -join ' ' | Should -BeExactly 'OrphanSidecar DuplicateImage'
    }

    It 'compares all datasets of one call, <Name>' -ForEach @(
        @{ Name = 'given'; Call = { Test-BidsDataset $clean, $bad -Deep } }
        @{ Name = 'piped'; Call = { $clean, $bad | Test-BidsDataset -Deep } }
        @{ Name = 'by wildcard'; Call = { Test-BidsDataset ([System.IO.Path]::Combine($TestDrive, 'sites', '*')) -Deep } }
        @{ Name = 'by property'; Call = { $clean, $bad | ForEach-Object { [pscustomobject] @{ PSPath = $_ } } | Test-BidsDataset -Deep } }
        @{ Name = 'imported'; Call = { Import-BidsDataset $clean, $bad | Test-BidsDataset -Deep } }
        @{ Name = 'imported one by one'; Call = { (Import-BidsDataset $clean), (Import-BidsDataset $bad) | Test-BidsDataset -Deep } }
    ) {
        $findings = & $Call
        ($findings | Where-Object Id -EQ SubjectInSeveralRoots) | Should -HaveCount 2
        ($findings | Where-Object Id -EQ DuplicateImage) | Should -HaveCount 1
    }

    It 'opens the images and labels that were imported only' {
        Import-BidsDataset $bad -Contrast T1w -WarningAction SilentlyContinue | Test-BidsDataset -Deep | Where-Object Id -EQ DuplicateImage | Should -BeNullOrEmpty
    }

    It 'leaves out what is less serious than -MinimumSeverity' {
        Test-BidsDataset $bad -Deep -MinimumSeverity Error | Should -BeNullOrEmpty
        Test-BidsDataset $bad -Deep -MinimumSeverity Warning | Should -HaveCount 2
        { Test-BidsDataset $bad -MinimumSeverity Fatal } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage*'
    }

    It 'writes one error for each bad root and goes on with the rest' {
        $file = [System.IO.Path]::Combine($TestDrive, 'sites', 'notes.txt')
        $findings = Test-BidsDataset ([System.IO.Path]::Combine($TestDrive, 'nowhere')), $file, $bad -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 2
        $problems[0].FullyQualifiedErrorId | Should -Match '^PathNotFound'
        $problems[1].FullyQualifiedErrorId | Should -Match '^DatasetNotFound'
        $findings | Should -HaveCount 1
    }

    It 'takes -LiteralPath as it stands' {
        $odd = [System.IO.Path]::Combine($TestDrive, 'odd[1]')
        $null = New-BidsPhantom $odd -Subjects 1 -Contrast T1w -Size 16, 16, 4
        [System.IO.File]::WriteAllText([System.IO.Path]::Combine($odd, 'Sub-02'), '')
        (Test-BidsDataset -LiteralPath $odd).Id | Should -Contain 'NameCase'
    }

    It 'reads other names by patterns' {
        $odd = [System.IO.Path]::Combine($TestDrive, 'archive')
        $null = New-BidsPhantom $odd -Subjects 1 -Contrast T1w -Size 16, 16, 4
        [System.IO.Directory]::Move([System.IO.Path]::Combine($odd, 'sub-01'), [System.IO.Path]::Combine($odd, 'patient01'))
        $patterns = [System.IO.Path]::Combine($TestDrive, 'patterns.json')
        [System.IO.File]::WriteAllText($patterns, '{"entities": [{"name": "subject", "pattern": "/patient([0-9]+)/"}, {"name": "suffix", "pattern": "_([A-Za-z0-9]+)\\.[^/]+$"}]}')
        (Test-BidsDataset $odd).Id | Should -Contain 'NoImages'
        (Test-BidsDataset $odd -BidsConfig $patterns).Id | Should -Not -Contain 'NoImages'
        (Import-BidsDataset $odd -BidsConfig $patterns | Test-BidsDataset).Id | Should -Not -Contain 'NoImages'
    }

    It 'stops when the pipeline has enough' {
        $seen = 0
        foreach ($once in 1) { Test-BidsDataset $bad -Deep | ForEach-Object { $seen++; break } }
        $seen | Should -Be 1
    }

    It 'completes severities' {
        $line = 'Test-BidsDataset ./data -MinimumSeverity W'
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
        $found.CompletionMatches.CompletionText | Should -Contain 'Warning'
    }
}
