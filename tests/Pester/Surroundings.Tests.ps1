# The whole job where users really work: odd folders, another culture, files that other programs hold open.
BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    # Dataset, configuration, training, prediction, metrics and picture below one folder; returns what came out.
    function Invoke-Chain([string] $Folder, [string] $ModelName) {
        function In([string] $Name) { [System.IO.Path]::Combine($Folder, $Name) }
        $made = New-BidsPhantom (In 'Dätensatz') -Subjects 4 -Contrast T2w -Size 24, 24, 3
        New-SegConfig $ModelName -Dataset $made -TargetSuffix _seg-cord -Depth 1 -FilterCount 2 -BatchSize 4 -Epoch 1 -LearningRate 0.005 |
            Export-SegConfig (In 'config.json')
        $model = Import-BidsDataset -LiteralPath (In 'Dätensatz') -TargetSuffix _seg-cord | Start-SegTraining (In 'config.json') -OutputPath (In 'run') -Device Cpu
        $predictions = @($model | Invoke-SegPrediction)
        $picture = $predictions[0] | Export-SegOverlay -OutputPath (In 'overlay.png')
        @{ Model = $model; Predictions = $predictions; Metrics = @($predictions | Measure-SegMetrics); Picture = $picture }
    }
}

Describe 'The pipeline' {
    It 'works in <Name>' -ForEach @(
        @{ Name = 'a folder with blanks, brackets and letters of several scripts'; Parts = , 'Größe [1] ß 脳 é' }
        @{ Name = 'a path of more than 260 characters'; Parts = 1..12 | ForEach-Object { "a folder with a rather long name, number $_" } }
    ) {
        $result = Invoke-Chain ([System.IO.Path]::Combine([string[]] (@("$TestDrive") + $Parts))) 'größe'
        $result.Metrics[0].Dice | Should -BeGreaterOrEqual 0
        $result.Picture.Exists | Should -BeTrue
        (Get-SegModel -LiteralPath $result.Model.Path).Sha256 | Should -Be $result.Model.Sha256
        [System.IO.File]::ReadAllText($result.Predictions[0].Classes[0].Path.Replace('.nii.gz', '.json')) | Should -Match '"bids:raw:sub-\d+/anat/sub-\d+_T2w\.nii\.gz"'
    }

    It 'gives the same model and reads its own files in a culture with decimal commas' {
        $before = [cultureinfo]::CurrentCulture
        $plain = Invoke-Chain ([System.IO.Path]::Combine($TestDrive, 'invariant')) 'x'
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            [cultureinfo]::DefaultThreadCurrentCulture = 'de-DE'
            $german = Invoke-Chain ([System.IO.Path]::Combine($TestDrive, 'german')) 'x'
        }
        finally {
            [cultureinfo]::DefaultThreadCurrentCulture = $null
            [cultureinfo]::CurrentCulture = $before
        }
        $german.Model.Config.TrainingParameters.Scheduler.InitialLr | Should -Be 0.005
        $german.Model.Sha256 | Should -Be $plain.Model.Sha256
        $german.Metrics[0].Dice | Should -Be $plain.Metrics[0].Dice
    }
}

Describe 'A file that another program holds' {
    BeforeAll {
        $held = [System.IO.Path]::Combine($TestDrive, 'held')
        $dataset = New-BidsPhantom $held -Subjects 1 -Contrast T2w -Size 16, 16, 2
    }

    It 'is read, be it open for writing' {
        $label = $dataset.Images[0].Labels['_seg-cord']
        $handle = [System.IO.FileStream]::new($label, 'Open', 'ReadWrite', 'ReadWrite')
        try { (Measure-SegMetrics -Prediction $label -Reference $label).Dice | Should -Be 1 } finally { $handle.Dispose() }
    }

    It 'is replaced or left as it was, with an error that says so' {
        $path = [System.IO.Path]::Combine($TestDrive, 'held.json')
        [System.IO.File]::WriteAllText($path, '{}')
        $handle = [System.IO.FileStream]::new($path, 'Open', 'Read', 'Read')
        try { New-SegConfig held | Export-SegConfig $path -ErrorAction SilentlyContinue -ErrorVariable problems } catch { $problems = @($_) } finally { $handle.Dispose() }
        if ($problems) {
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'CannotWrite*'
            [System.IO.File]::ReadAllText($path) | Should -BeExactly '{}'
        }
        else {
            (Import-SegConfig $path).ModelName | Should -BeExactly 'held'
        }
        @([System.IO.Directory]::GetFiles("$TestDrive") | Where-Object { $_ -like '*.tmp' }) | Should -HaveCount 0
    }
}

Describe 'The version folder' {
    It 'can be imported by itself, and brings the module under its own name' {
        $folder = (Get-Module MedSeg).ModuleBase
        Import-Module $folder
        (Get-Module MedSeg).ModuleBase | Should -Be $folder
        (Get-Command Get-SegDevice).Source | Should -Be 'MedSeg'
    }
}
