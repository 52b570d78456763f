BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"
}

Describe 'Import-BidsDataset' {
    BeforeAll {
        $a = [System.IO.Path]::Combine($TestDrive, 'sites', 'a')
        $b = [System.IO.Path]::Combine($TestDrive, 'sites', 'b')
        $null = New-BidsPhantom $a -Subjects 2 -Contrast T1w, T2w -Size 16, 16, 2
        $null = New-BidsPhantom $b -Subjects 3 -Contrast T2w -Size 16, 16, 2 -Seed 2
        [System.IO.File]::WriteAllText([System.IO.Path]::Combine($TestDrive, 'sites', 'notes.txt'), 'not a dataset')
    }

    It 'indexes a dataset' {
        $dataset = Import-BidsDataset $a
        $dataset | Should -BeOfType ([MedSeg.BidsDataset])
        $dataset.Name | Should -Be 'Phantom'
        $dataset.Images | Should -HaveCount 4
        $dataset.Images[0].RelativePath | Should -BeExactly 'sub-01/anat/sub-01_T1w.nii.gz'
        $dataset.Images[0].Metadata['FlipAngle'] | Should -Be 9
        $dataset.Images[0].Labels['_seg-cord'] | Should -Exist
    }

    It 'has lists that can be indexed' {
        $dataset = Import-BidsDataset $a
        $dataset.Contrasts[1] | Should -Be 'T2w'
        $dataset.TargetSuffixes[0] | Should -Be '_seg-cord'
        $dataset.Subjects[1].Images[0].Stem | Should -Be 'sub-02_T1w'
        $dataset.Participants[1].Id | Should -Be 'sub-02'
    }

    It 'has parts that show their names in text' {
        $dataset = Import-BidsDataset $a
        "$dataset $($dataset.Subjects) $($dataset.Participants) $($dataset.Images[0])" |
            Should -BeExactly 'Phantom sub-01 sub-02 sub-01 sub-02 sub-01/anat/sub-01_T1w.nii.gz'
    }

    It 'filters by contrast, target and extension' {
        $dataset = Import-BidsDataset $a -Contrast T2w -TargetSuffix _seg-csf -Extension .nii.gz
        $dataset.Images | Should -HaveCount 2
        ($dataset.TargetSuffixes -join ' ') | Should -Be '_seg-csf'
    }

    It 'makes one dataset of several paths, <Name>' -ForEach @(
        @{ Name = 'given'; Call = { Import-BidsDataset $a, $b } }
        @{ Name = 'piped'; Call = { $a, $b | Import-BidsDataset } }
        @{ Name = 'by wildcard'; Call = { Import-BidsDataset ([System.IO.Path]::Combine($TestDrive, 'sites', '*')) } }
        @{ Name = 'by property'; Call = { [System.IO.DirectoryInfo]::new($a), [System.IO.DirectoryInfo]::new($b) | ForEach-Object { [pscustomobject] @{ PSPath = $_.FullName } } | Import-BidsDataset } }
    ) {
        $dataset = & $Call
        $dataset | Should -HaveCount 1
        $dataset.Roots | Should -HaveCount 2
        $dataset.Images | Should -HaveCount 7
        $dataset.Subjects | Should -HaveCount 3
    }

    It 'takes -LiteralPath as it stands' {
        $odd = [System.IO.Path]::Combine($TestDrive, 'odd[1]')
        $null = New-BidsPhantom $odd -Subjects 1 -Contrast T1w -Size 16, 16, 2
        (Import-BidsDataset -LiteralPath $odd).Images | Should -HaveCount 1
    }

    It 'resolves paths against the location of PowerShell' {
        $location = $ExecutionContext.SessionState.Path
        $location.PushCurrentLocation('spec')
        $null = $location.SetLocation([System.IO.Path]::Combine($TestDrive, 'sites'))
        try { (Import-BidsDataset b).Images | Should -HaveCount 3 }
        finally { $null = $location.PopLocation('spec') }
    }

    It 'writes an error for a path that leads nowhere and goes on with the rest' {
        $dataset = Import-BidsDataset ([System.IO.Path]::Combine($TestDrive, 'nowhere')), $b -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Match '^PathNotFound'
        $dataset.Images | Should -HaveCount 3
    }

    It 'says that a file is not a dataset' {
        $file = [System.IO.Path]::Combine($TestDrive, 'sites', 'notes.txt')
        { Import-BidsDataset $file } | Should -Throw -ErrorId 'DatasetNotFound*'
    }

    It 'shows findings as warnings and sums up when there are many' {
        $bad = [System.IO.Path]::Combine($TestDrive, 'bad')
        $null = New-BidsPhantom $bad -Subjects 6 -Contrast T2w -Size 16, 16, 2
        foreach ($file in [System.IO.Directory]::GetFiles($bad, '*_T2w.nii.gz', 'AllDirectories')) { [System.IO.File]::WriteAllBytes($file, [byte[]]@()) }
        $dataset = Import-BidsDataset $bad -WarningAction SilentlyContinue -WarningVariable warnings
        $dataset.Images | Should -HaveCount 0
        ($dataset.Findings | Where-Object Id -EQ EmptyFile) | Should -HaveCount 6
        ($warnings | Where-Object { $_.Message -match '^EmptyFile' }) | Should -HaveCount 4
        ($warnings | Where-Object { $_.Message -match '^NoImages' }) | Should -HaveCount 1
    }

    It 'reads other names by patterns, and other places without validation' {
        $odd = [System.IO.Path]::Combine($TestDrive, 'patterns')
        $null = New-BidsPhantom $odd -Subjects 2 -Contrast T2w -Size 16, 16, 2
        $anat = [System.IO.Path]::Combine($odd, 'sub-02', 'anat')
        [System.IO.File]::Move([System.IO.Path]::Combine($anat, 'sub-02_T2w.nii.gz'), [System.IO.Path]::Combine($anat, 'scan_T2w.nii.gz'))
        $patterns = [System.IO.Path]::Combine($TestDrive, 'patterns.json')
        [System.IO.File]::WriteAllText($patterns, '{"entities": [{"name": "subject", "pattern": "/sub-([0-9]+)/"}, {"name": "suffix", "pattern": "_([a-zA-Z0-9]+)[.]"}]}')
        (Import-BidsDataset $odd -WarningAction SilentlyContinue).Images | Should -HaveCount 1
        (Import-BidsDataset $odd -BidsConfig $patterns -WarningAction SilentlyContinue).Images | Should -HaveCount 2
        (Import-BidsDataset $odd -SkipValidation -WarningAction SilentlyContinue).Images | Should -HaveCount 2
    }

    It 'says what is wrong with the patterns' {
        $patterns = [System.IO.Path]::Combine($TestDrive, 'wrong.json')
        [System.IO.File]::WriteAllText($patterns, '{"entities": [{"name": "subject", "pattern": "("}]}')
        { Import-BidsDataset $a -BidsConfig $patterns } | Should -Throw -ErrorId 'BidsConfigInvalid*'
    }

    It 'takes what a configuration asks for, and parameters before it' {
        $config = New-SegConfig -Set @{ 'loader_parameters.target_suffix' = '_seg-cord'; 'loader_parameters.contrast_params.training_validation' = 'T2w'; 'loader_parameters.contrast_params.testing' = 'T2w' }
        $dataset = Import-BidsDataset $a -Config $config
        ($dataset.Contrasts -join ' ') | Should -Be 'T2w'
        ($dataset.TargetSuffixes -join ' ') | Should -Be '_seg-cord'
        $dataset = Import-BidsDataset $a -Config $config -Contrast T1w -TargetSuffix _seg-csf
        ($dataset.Contrasts -join ' ') | Should -Be 'T1w'
        ($dataset.TargetSuffixes -join ' ') | Should -Be '_seg-csf'
    }

    It 'has columns that can be indexed, whatever tables they come from' {
        $joined = [System.IO.Path]::Combine($TestDrive, 'joined')
        $null = New-BidsPhantom $joined -Subjects 1 -Contrast T2w -Size 16, 16, 2
        [System.IO.File]::WriteAllText([System.IO.Path]::Combine($joined, 'sub-01', 'sub-01_scans.tsv'), "filename`tquality`tage`nanat/sub-01_T2w.nii.gz`tgood`t99`n")
        $image = (Import-BidsDataset $joined).Images[0]
        $image.Columns['quality'] | Should -Be 'good'
        $image.Columns['age'] | Should -Be '99'
        $image.Columns['participants.age'] | Should -Not -Be '99'
        $image.Columns['sex'] | Should -Not -BeNullOrEmpty
        @($image.Columns.Keys) | Should -Contain 'scans.age'
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = 'Import-BidsDataset ./data -Contrast T2'; Found = 'T2w', 'T2star' }
        @{ Line = 'Import-BidsDataset ./data -Extension .n'; Found = '.nii', '.nii.gz' }
    ) {
        $completion = [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)
        foreach ($word in $Found) { $completion.CompletionMatches.CompletionText | Should -Contain $word }
    }

    It 'keeps how it was read' {
        $dataset = Import-BidsDataset $a -SkipValidation
        $dataset.Validated | Should -BeFalse
        $dataset.BidsConfig | Should -BeNullOrEmpty
    }
}
