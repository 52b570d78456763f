BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"
}

Describe 'Get-BidsTable' {
    BeforeAll {
        $folder = [System.IO.Path]::Combine($TestDrive, 'data')
        $null = New-BidsPhantom $folder -Subjects 2 -Contrast T1w, T2w -Size 16, 16, 2
        $null = [System.IO.File]::Delete([System.IO.Path]::Combine($folder, 'derivatives', 'labels', 'sub-02', 'anat', 'sub-02_T2w_seg-csf.nii.gz'))
        $null = [System.IO.File]::Delete([System.IO.Path]::Combine($folder, 'derivatives', 'labels', 'sub-02', 'anat', 'sub-02_T2w_seg-cord.nii.gz'))
        $dataset = Import-BidsDataset $folder
    }

    It 'has one row per image and label' {
        $rows = @($dataset | Get-BidsTable)
        $rows | Should -HaveCount 10
        $rows[0].filename | Should -BeExactly 'sub-01_T1w.nii.gz'
        $rows[0].participant_id | Should -Be 'sub-01'
        $rows[0].FlipAngle | Should -Be 9
        $rows[0].sex | Should -Not -BeNullOrEmpty
        $rows[1].target_suffix | Should -Be '_seg-cord'
        $rows[1].path | Should -Exist
        $rows[1].suffix | Should -BeNullOrEmpty
    }

    It 'gives all rows the same properties' {
        $rows = @(Get-BidsTable $dataset)
        foreach ($row in $rows) { @($row.PSObject.Properties).Count | Should -Be @($rows[0].PSObject.Properties).Count }
    }

    It 'leaves out labels, and images without one' {
        @($dataset | Get-BidsTable -NoLabel) | Should -HaveCount 4
        @($dataset | Get-BidsTable -NoLabel -Labelled) | Should -HaveCount 3
    }

    It 'lists several datasets one after the other' {
        @($dataset, $dataset | Get-BidsTable -NoLabel) | Should -HaveCount 8
    }
}
