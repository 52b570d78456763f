BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"
}

Describe 'New-BidsPhantom' {
    BeforeAll {
        $folder = [System.IO.Path]::Combine($TestDrive, 'phantom')
        $dataset = New-BidsPhantom $folder -Subjects 2 -Contrast T1w, T2star -Seed 3 -Size 24, 20, 4
    }

    It 'returns the dataset it made' {
        $dataset | Should -BeOfType ([MedSeg.BidsDataset])
        $dataset.Subjects | Should -HaveCount 2
        $dataset.Images | Should -HaveCount 4
        ($dataset.Contrasts -join ' ') | Should -Be 'T1w T2star'
        ($dataset.TargetSuffixes -join ' ') | Should -Be '_seg-cord _seg-csf'
    }

    It 'makes a dataset that nothing is wrong with' {
        $dataset.Findings | Should -HaveCount 0
        $dataset.Participants[0].Columns['institution_id'] | Should -Be 'north'
    }

    It 'gives the same bytes for the same seed and others for another' {
        $file = 'sub-02/anat/sub-02_T2star.nii.gz'
        $bytes = foreach ($seed in 3, 4) {
            $other = [System.IO.Path]::Combine($TestDrive, "seed$seed")
            $null = New-BidsPhantom $other -Subjects 2 -Contrast T1w, T2star -Seed $seed -Size 24, 20, 4
            [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes([System.IO.Path]::Combine($other, $file)))
        }
        $first = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes([System.IO.Path]::Combine($folder, $file)))
        ($bytes[0] -ceq $first) | Should -BeTrue
        ($bytes[1] -ceq $first) | Should -BeFalse
    }

    It 'overwrites nothing' {
        { New-BidsPhantom $folder -Subjects 1 } | Should -Throw -ErrorId 'FolderNotEmpty*'
        [System.IO.Directory]::GetDirectories($folder, 'sub-*') | Should -HaveCount 2
    }

    It 'does nothing with -WhatIf' {
        $other = [System.IO.Path]::Combine($TestDrive, 'whatif')
        New-BidsPhantom $other -WhatIf | Should -BeNullOrEmpty
        [System.IO.Directory]::Exists($other) | Should -BeFalse
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'no subjects'; Id = 'ParameterArgumentValidationError*'; Arguments = @{ Subjects = 0 } }
        @{ Name = 'an unknown contrast'; Id = 'ParameterArgumentValidationError*'; Arguments = @{ Contrast = 'T9w' } }
        @{ Name = 'a size of two numbers'; Id = 'ParameterArgumentValidationError*'; Arguments = @{ Size = 32, 32 } }
        @{ Name = 'a size too small'; Id = 'PhantomArgument*'; Arguments = @{ Size = 4, 4, 4 } }
    ) {
        $other = [System.IO.Path]::Combine($TestDrive, 'refused')
        { New-BidsPhantom $other @Arguments } | Should -Throw -ErrorId $Id
        [System.IO.Directory]::Exists($other) | Should -BeFalse
    }
}
