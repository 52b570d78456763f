BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $root = [System.IO.Path]::Combine($TestDrive, 'phantom')
    $null = New-BidsPhantom -Path $root -Subjects 1 -Contrast T2w -Size 24, 28, 6
    $dataset = Import-BidsDataset $root
    $image = $dataset.Images[0]
    $label = @($image.Labels.Values)[0]
    $config = New-SegConfig -Contrast T2w -TargetSuffix @($image.Labels.Keys)[0] -Set @{
        'transformation.RandomGamma' = @{ log_gamma_range = 0.2, 0.4; p = 1.0 }
        'transformation.RandomAffine' = @{ degrees = 10; dataset_type = @('training') }
    }
    function Get-Width([string] $Path) {
        $bytes = [System.IO.File]::ReadAllBytes($Path)
        [System.Net.IPAddress]::NetworkToHostOrder([System.BitConverter]::ToInt32($bytes, 16))
    }
}

Describe 'Show-SegTransform' {
    It 'writes a picture of a file and its label and returns what was drawn' {
        $sheet = Show-SegTransform $config $image.Path -Label $label -OutputPath 'TestDrive:/out/sheet.png' -Seed 4
        $sheet | Should -BeOfType [MedSeg.SegTransformSheet]
        $sheet.Path | Should -Be ([System.IO.Path]::Combine($TestDrive, 'out', 'sheet.png'))
        $sheet.Path | Should -Exist
        $sheet.Samples | Should -Be 1
        $gamma = $sheet.Steps | Where-Object Name -EQ RandomGamma
        $gamma.Parameters['gamma'][0] | Should -BeGreaterThan ([math]::Exp(0.2) - 0.001)
        $gamma.Parameters['gamma'][0] | Should -BeLessThan ([math]::Exp(0.4) + 0.001)
        $gamma.Changed | Should -BeTrue
    }

    It 'takes images and datasets from the pipeline and names pictures after the images' {
        ($image | Show-SegTransform $config -OutputPath 'TestDrive:/one').Path | Should -BeLike '*sub-*_T2w_transforms.png'
        $sheets = @($dataset | Show-SegTransform $config -OutputPath 'TestDrive:/all' -Count 3)
        $sheets | Should -HaveCount $dataset.Images.Count
        $sheets[0].Samples | Should -Be 3
        $angles = @($sheets[0].Steps | Where-Object Name -EQ RandomAffine | ForEach-Object { $_.Parameters['angle'][0] })
        $angles | Should -HaveCount 3
        [System.Collections.Generic.HashSet[object]]::new([object[]] $angles).Count | Should -Be 3
    }

    It 'gives the same draws for the same seed and others for another' {
        $angles = foreach ($seed in 1, 1, 2) {
            $steps = (Show-SegTransform $config $image.Path -Seed $seed -OutputPath "TestDrive:/seed.png").Steps
            ($steps | Where-Object Name -EQ RandomAffine).Parameters['angle'][0]
        }
        $angles[0] | Should -Be $angles[1]
        $angles[0] | Should -Not -Be $angles[2]
    }

    It 'leaves random transforms out of testing' {
        $training = Show-SegTransform $config $image.Path -OutputPath 'TestDrive:/training.png'
        $testing = Show-SegTransform $config $image.Path -Part Testing -OutputPath 'TestDrive:/testing.png'
        $testing.Steps.Name | Should -Not -Contain 'RandomGamma'
        Get-Width $testing.Path | Should -BeLessThan (Get-Width $training.Path)
    }

    It 'takes a configuration file and literal paths' {
        $null = $config | Export-SegConfig 'TestDrive:/config.yaml'
        $odd = [System.IO.Path]::Combine($TestDrive, 'image[1].nii.gz')
        [System.IO.File]::Copy($image.Path, $odd)
        (Show-SegTransform 'TestDrive:/config.yaml' -LiteralPath $odd -OutputPath 'TestDrive:/odd.png').Path | Should -Exist
    }

    It 'writes nothing with -WhatIf' {
        $dataset | Show-SegTransform $config -OutputPath 'TestDrive:/never' -WhatIf | Should -BeNullOrEmpty
        'TestDrive:/never' | Should -Not -Exist
    }

    It 'does not replace a picture of the same call' {
        $sheets = $image.Path, $image.Path | Show-SegTransform $config -OutputPath 'TestDrive:/same.png' -ErrorAction SilentlyContinue -ErrorVariable problems
        $sheets | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OutputTaken,*'
    }

    It 'does not replace an image or its label' {
        $picture = [System.IO.Path]::Combine($TestDrive, 'picture.png')
        (Show-SegTransform $config $image.Path -OutputPath $picture).Path | Should -Exist
        $before = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($picture))
        foreach ($inputs in @{ LiteralPath = $picture }, @{ LiteralPath = $image.Path; Label = $picture }) {
            Show-SegTransform $config @inputs -OutputPath $picture -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'OutputIsInput,*'
        }
        [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($picture)) | Should -BeExactly $before
    }

    It 'writes an error for <Problem>' -ForEach @(
        @{ Problem = 'a missing image'; Arguments = @{ Path = 'TestDrive:/none.nii.gz' }; Id = 'PathNotFound,*' }
        @{ Problem = 'a missing label'; Arguments = @{ Label = 'TestDrive:/none.nii.gz' }; Id = 'PathNotFound,*' }
        @{ Problem = 'a slice that is not there'; Arguments = @{ Slice = 99 }; Id = 'SliceOutOfRange,*' }
    ) {
        $call = @{ Path = $image.Path } + @{}
        foreach ($key in $Arguments.Keys) { $call[$key] = $Arguments[$key] }
        Show-SegTransform $config @call -OutputPath 'TestDrive:/x.png' -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike $Id
        'TestDrive:/x.png' | Should -Not -Exist
    }
}
