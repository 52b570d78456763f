BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $data = [System.IO.Path]::Combine($TestDrive, 'data')
    $null = New-BidsPhantom $data -Subjects 3 -Contrast T1w, T2w -Size 24, 24, 4
    $dataset = Import-BidsDataset $data
    $config = New-SegConfig film -Dataset $dataset -Network FiLMedUnet -Depth 1 -FilterCount 2 -Epoch 1 -TrainFraction 0.34 -TestFraction 0.34
    $model = $dataset | Start-SegTraining -Config $config -OutputPath ([System.IO.Path]::Combine($TestDrive, 'run')) -Device Cpu
    $scan = [System.IO.Path]::Combine($TestDrive, 'scan.nii.gz')
    [System.IO.File]::Copy($dataset.Images[0].Path, $scan)
}

Describe 'FiLM' {
    BeforeEach {
        $out = [System.IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'))
    }

    It 'switches all layers on in a new configuration' {
        $config.FilmedUnet.Applied | Should -BeTrue
        $config.FilmedUnet.FilmLayers | Should -Be 1, 1, 1, 1
        (New-SegConfig -Network FiLMedUnet).FilmedUnet.FilmLayers | Should -HaveCount 8
    }

    It 'learns the contrasts of the training images' {
        $model.Film.Metadata | Should -Be 'contrasts'
        $model.Film.Parts[0].Categories | Should -Be 'T1w', 'T2w'
        (Get-SegModel $model.Path).Film.Parts[0].Categories | Should -Be 'T1w', 'T2w'
    }

    It 'predicts images of a dataset by their contrast' {
        @($model | Invoke-SegPrediction -OutputPath $out) | Should -HaveCount 2
    }

    It 'needs the contrast of a file that does not tell it' {
        $problems = $null
        @(Invoke-SegPrediction $model $scan -OutputPath $out -ErrorAction SilentlyContinue -ErrorVariable problems) | Should -HaveCount 0
        $problems[0].FullyQualifiedErrorId | Should -Match 'FilmValueMissing'
        "$($problems[0])" | Should -Match 'contrast'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'T1w, T2w'
        @(Invoke-SegPrediction $model $scan -Metadata T2w -OutputPath $out) | Should -HaveCount 1
        @(Invoke-SegPrediction $model $scan -Metadata @{ contrast = 'T1w' } -OutputPath $out) | Should -HaveCount 1
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a contrast that it does not know'; Given = 'T3w'; Id = 'FilmCategoryUnknown*' }
        @{ Name = 'a name that it does not know'; Given = @{ EchoTime = 1 }; Id = 'FilmMetadataName*' }
    ) {
        { Invoke-SegPrediction $model $scan -Metadata $Given -OutputPath $out -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'completes -Metadata with the known contrasts' {
        $line = "Invoke-SegPrediction -Model '$($model.Path)' -Metadata T"
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText
        $found | Should -Contain 'T1w'
        $found | Should -Contain 'T2w'
    }
}
