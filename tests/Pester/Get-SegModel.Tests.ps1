BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    $json = @'
{
  "model_name": "cord",
  "loader_parameters": { "target_suffix": ["_seg-cord"] },
  "default_model": { "name": "Unet", "depth": 1, "n_filters": 2 },
  "training_parameters": { "batch_size": 8, "training_time": { "num_epochs": 1 } }
}
'@
    $configPath = [System.IO.Path]::Combine($TestDrive, 'config.json')
    [System.IO.File]::WriteAllText($configPath, $json)
    $trained = foreach ($run in 'a', 'b') {
        New-BidsPhantom ([System.IO.Path]::Combine($TestDrive, "data-$run")) -Subjects 3 -Contrast T2w -Size 16, 16, 2 |
            Start-SegTraining $configPath -OutputPath ([System.IO.Path]::Combine($TestDrive, 'runs', $run)) -Device Cpu
    }
}

Describe 'Get-SegModel' {
    It 'loads what training returned' {
        $model = Get-SegModel $trained[0].Path
        $model | Should -BeOfType ([MedSeg.SegModel])
        $model.Sha256 | Should -BeExactly $trained[0].Sha256
        $model.Config.DefaultModel.NFilters | Should -Be 2
        ($model.Split.Training -join ' ') | Should -Be ($trained[0].Split.Training -join ' ')
        $model.RunPath | Should -Be $trained[0].RunPath
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'wildcards'; Call = { Get-SegModel ([System.IO.Path]::Combine($TestDrive, 'runs', '*', 'cord')) } }
        @{ Name = 'several paths'; Call = { Get-SegModel $trained[0].Path, $trained[1].Path } }
        @{ Name = 'paths from the pipeline'; Call = { $trained[0].Path, $trained[1].Path | Get-SegModel } }
        @{ Name = 'models from the pipeline'; Call = { $trained | Get-SegModel } }
        @{ Name = 'literal paths'; Call = { Get-SegModel -LiteralPath $trained[0].Path, $trained[1].Path } }
        @{ Name = 'manifests'; Call = { Get-SegModel ([System.IO.Path]::Combine($TestDrive, 'runs', '*', 'cord', 'manifest.json')) } }
    ) {
        & $Call | Should -HaveCount 2
    }

    It 'names the file that was changed, and goes on' {
        $copy = [System.IO.Path]::Combine($TestDrive, 'copy')
        $null = [System.IO.Directory]::CreateDirectory($copy)
        foreach ($file in [System.IO.Directory]::GetFiles($trained[0].Path)) {
            [System.IO.File]::Copy($file, [System.IO.Path]::Combine($copy, [System.IO.Path]::GetFileName($file)))
        }
        $weights = [System.IO.Path]::Combine($copy, 'cord.safetensors')
        $bytes = [System.IO.File]::ReadAllBytes($weights)
        $bytes[$bytes.Length - 1] = $bytes[$bytes.Length - 1] -bxor 1
        [System.IO.File]::WriteAllBytes($weights, $bytes)

        $models = Get-SegModel $copy, $trained[1].Path -ErrorAction SilentlyContinue -ErrorVariable problems
        $models | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ModelDamaged*'
        "$($problems[0])" | Should -Match 'cord.safetensors'
    }

    It 'says what is not a model' {
        { Get-SegModel $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'ModelNotFound*'
        { Get-SegModel ([System.IO.Path]::Combine($TestDrive, 'absent')) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
    }
}
