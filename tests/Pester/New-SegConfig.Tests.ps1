BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    function New-TestImage([string] $Contrast, [string[]] $Label) {
        $labels = [System.Collections.Generic.Dictionary[string, string]]::new()
        foreach ($suffix in $Label) { $labels[$suffix] = "/data/derivatives/labels/x$suffix.nii.gz" }
        [MedSeg.BidsImage] @{
            Path = "/data/sub-01_$Contrast.nii.gz"; Root = '/data'; RelativePath = "sub-01_$Contrast.nii.gz"; Subject = 'sub-01'
            Entities = [System.Collections.Generic.Dictionary[string, string]]::new(); Suffix = $Contrast; Contrast = $Contrast
            DataType = 'anat'; Extension = '.nii.gz'; Labels = $labels
        }
    }

    $images = [MedSeg.BidsImage[]] @((New-TestImage 'T1w' '_seg-cord'), (New-TestImage 'T2w' '_seg-cord', '_seg-lesion'), (New-TestImage 'dwi' @()))
    $dataset = [MedSeg.BidsDataset] @{ Roots = [string[]] @('/data'); Name = 'test'; Subjects = [MedSeg.BidsSubject[]] @(); Images = $images }
}

Describe 'New-SegConfig' {
    It 'has defaults that normalise images and leave out empty slices' {
        $config = New-SegConfig
        $config | Should -BeOfType [MedSeg.SegConfig]
        $config.LoaderParameters.SliceFilterParams.FilterEmptyMask | Should -BeTrue
        $config.Transformation.Name | Should -Be 'NormalizeInstance'
        $config.Transformation[0].AppliedTo | Should -Be 'im'
    }

    It 'shows the network <Network> as <Shown>' -ForEach @(
        @{ Network = 'Unet'; Shown = 'Unet, 2D, depth 3, 8 filters, sigmoid' }
        @{ Network = 'FiLMedUnet'; Shown = 'FiLMedUnet, 2D, depth 3, 8 filters, sigmoid' }
        @{ Network = 'HeMISUnet'; Shown = 'HeMISUnet, 2D, depth 3, 8 filters, sigmoid' }
        @{ Network = 'Modified3DUNet'; Shown = 'Modified3DUNet, 8 filters, sigmoid' }
        @{ Network = 'resnet18'; Shown = 'resnet18' }
        @{ Network = 'resnet50'; Shown = 'resnet50' }
        @{ Network = 'densenet121'; Shown = 'densenet121' }
        @{ Network = 'Countception'; Shown = 'Countception' }
    ) {
        $views = [xml] [System.IO.File]::ReadAllText([System.IO.Path]::Combine((Get-Module MedSeg).ModuleBase, 'MedSeg.Format.ps1xml'))
        $item = $views.SelectSingleNode("//View[Name='MedSeg.SegConfig']//ListItem[Label='Network']/ScriptBlock")
        New-SegConfig -Network $Network -FilterCount 8 | ForEach-Object ([scriptblock]::Create($item.InnerText)) | Should -Be $Shown
    }

    It 'makes HeMISUnet take the contrasts together' {
        $config = New-SegConfig -Network HeMISUnet -Contrast T1w, T2w -TargetSuffix _seg
        (Test-SegConfig $config).Id | Should -Not -Contain 'HemisMultichannel'
    }

    It 'takes the usual choices' {
        $config = New-SegConfig seg_cord -Contrast T1w, T2w -TestContrast T2w -TargetSuffix _seg -Network Unet -Depth 4 -FilterCount 8 -DropoutRate 0.2 `
            -Epoch 7 -BatchSize 3 -LearningRate 0.01 -Patience 5 -Loss FocalLoss -Resample 0.5, 0.75 -CropSize 64 -SliceAxis Coronal -Seed 11 `
            -TrainFraction 0.5 -TestFraction 0.25 -Augment
        $config.ModelName | Should -BeExactly 'seg_cord'
        $config.LoaderParameters.ContrastParams.TrainingValidation | Should -Be 'T1w', 'T2w'
        $config.LoaderParameters.ContrastParams.Testing | Should -Be 'T2w'
        $config.LoaderParameters.TargetSuffix | Should -Be '_seg'
        $config.LoaderParameters.SliceAxis | Should -BeExactly 'coronal'
        $config.DefaultModel.Depth | Should -Be 4
        $config.DefaultModel.NFilters | Should -Be 8
        $config.DefaultModel.DropoutRate | Should -Be 0.2
        $config.TrainingParameters.TrainingTime.NumEpochs | Should -Be 7
        $config.TrainingParameters.TrainingTime.EarlyStoppingPatience | Should -Be 5
        $config.TrainingParameters.Scheduler.InitialLr | Should -Be 0.01
        $config.TrainingParameters.Loss.Name | Should -BeExactly 'FocalLoss'
        $config.SplitDataset.RandomSeed | Should -Be 11
        $config.SplitDataset.TrainFraction | Should -Be 0.5
        $config.SplitDataset.TestFraction | Should -Be 0.25
        $config.Transformation.Name | Should -Be 'Resample', 'CenterCrop', 'RandomAffine', 'NormalizeInstance', 'RandomShiftIntensity'
        $config.Transformation[0].Parameters['hspace'] | Should -Be 0.5
        $config.Transformation[0].Parameters['wspace'] | Should -Be 0.75
        $config.Transformation[1].Parameters['size'] | Should -Be 64, 64
        $config.Transformation[2].DatasetType | Should -Be 'training'
    }

    It 'does not round fractions to whole numbers' {
        { New-SegConfig -CropSize 64.5 } | Should -Throw '*64.5 is not a whole number*'
        { New-SegConfig -CropSize 64, 1.5 } | Should -Throw '*1.5 is not a whole number*'
        { New-SegConfig -Depth 2.5 } | Should -Throw '*2.5 is not a whole number*'
        { New-SegConfig -Epoch '7.5' } | Should -Throw '*7.5 is not a whole number*'
        (New-SegConfig -CropSize 64.0 -Epoch '7').TrainingParameters.TrainingTime.NumEpochs | Should -Be 7
    }

    It 'does not read a decimal comma as another number' {
        { New-SegConfig -Resample '0,75' } | Should -Throw "*'0,75' is not a number*"
        { New-SegConfig -LearningRate '0,001' } | Should -Throw "*'0,001' is not a number*"
        { New-SegConfig -CropSize '12,8' } | Should -Throw "*'12,8' is not a number*"
        (New-SegConfig -LearningRate '0.5').TrainingParameters.Scheduler.InitialLr | Should -Be 0.5
    }

    It 'refuses a model name that cannot be a folder' {
        { New-SegConfig con } | Should -Throw '*model_name*con*allowed*'
        { New-SegConfig 'a/b' } | Should -Throw '*model_name*'
        { New-SegConfig -Set @{ model_name = 'nul' } } | Should -Throw '*model_name*'
    }

    It 'takes contrasts and targets from a dataset on the pipeline' {
        $config = $dataset | New-SegConfig -WarningAction SilentlyContinue -WarningVariable warnings
        $config.LoaderParameters.TargetSuffix | Should -Be '_seg-cord', '_seg-lesion'
        $config.LoaderParameters.ContrastParams.TrainingValidation | Should -Be 'T1w', 'T2w'
        $config.LoaderParameters.ContrastParams.Testing | Should -Be 'T1w', 'T2w'
        "$warnings" | Should -Match '_seg-cord, _seg-lesion'
    }

    It 'takes the contrasts that have the chosen target' {
        $config = New-SegConfig -Dataset $dataset -TargetSuffix _seg-lesion
        $config.LoaderParameters.ContrastParams.TrainingValidation | Should -Be 'T2w'
    }

    It 'sets any key with -Set, whatever the order' {
        $config = New-SegConfig -CropSize 64 -Set @{
            'training_parameters.loss.gamma'               = 3
            'training_parameters.loss.name'                = 'FocalLoss'
            'transformation.CenterCrop.size'               = 32, 48
            'transformation.NormalizeInstance'             = $null
            'default_model.bn_momentum'                    = [double] 1 / 4
            'loader_parameters.contrast_params.testing'    = @(, "T1w" | ForEach-Object { $_ })
            'training_parameters.training_time'            = @{ num_epochs = 2 }
            'loader_parameters.slice_filter_params.filter_empty_mask' = $false
        }
        $config.TrainingParameters.Loss.Parameters['gamma'] | Should -Be 3
        $config.Transformation.Name | Should -Be 'CenterCrop'
        $config.Transformation[0].Parameters['size'] | Should -Be 32, 48
        $config.DefaultModel.BnMomentum | Should -Be 0.25
        $config.LoaderParameters.ContrastParams.Testing | Should -Be 'T1w'
        $config.TrainingParameters.TrainingTime.NumEpochs | Should -Be 2
        $config.LoaderParameters.SliceFilterParams.FilterEmptyMask | Should -BeFalse
    }

    It 'gives a tree whose values can be set' {
        $config = New-SegConfig
        $config.TrainingParameters.Loss = 'FocalLoss'
        $config.LoaderParameters.TargetSuffix = '_seg'
        $config.Transformation += [MedSeg.TransformConfig]::new('RandomReverse')
        $config.TrainingParameters.Loss.Name | Should -BeExactly 'FocalLoss'
        $config.LoaderParameters.TargetSuffix | Should -HaveCount 1
        $config.Transformation | Should -HaveCount 2
    }

    It 'gives a tree that takes hashtables' {
        $config = New-SegConfig
        $config.TrainingParameters.Loss = @{ Name = 'FocalLoss'; Parameters = @{ gamma = 2; alpha = 0.5 } }
        $config.Transformation += @{ Name = 'CenterCrop'; Parameters = @{ size = 32, 48 }; DatasetType = 'training' }
        $config.LoaderParameters.ContrastParams.Balance = @{ T1w = 0.5; T2w = 1 }
        $config.TrainingParameters.Loss.Parameters.gamma | Should -Be 2
        $config.Transformation[1].Parameters['size'] | Should -Be 32, 48
        $config.Transformation[1].DatasetType | Should -Be 'training'
        $config.LoaderParameters.ContrastParams.Balance['T2w'] | Should -Be 1
    }

    It 'refuses <name>' -ForEach @(
        @{ name = 'a misspelt key'; set = @{ 'training_parameters.batch_siz' = 4 }; id = 'ConfigUnknownKey*'; says = "*did you mean 'batch_size'*" }
        @{ name = 'a key of an earlier version'; set = @{ gpu = 0 }; id = 'ConfigUnknownKey*'; says = "*now 'gpu_ids'*" }
        @{ name = 'a wrong type'; set = @{ 'training_parameters.batch_size' = 'many' }; id = 'ConfigWrongType*'; says = '*whole number from 1*' }
        @{ name = 'a number out of range'; set = @{ 'split_dataset.train_fraction' = 1.5 }; id = 'ConfigOutOfRange*'; says = '*split_dataset.train_fraction*' }
        @{ name = 'an unknown loss'; set = @{ 'training_parameters.loss.name' = 'DiceLos' }; id = 'ConfigUnknownComponent*'; says = "*Did you mean 'DiceLoss'*" }
        @{ name = 'a transform without a parameter that it needs'; set = @{ 'transformation.Resample.hspace' = 1 }; id = 'ConfigMissingParameter*'; says = '*wspace*' }
    ) {
        { New-SegConfig -Set $set } | Should -Throw -ErrorId $id -ExpectedMessage $says
    }

    It 'refuses an unknown network by its name' {
        { New-SegConfig -Network Unett } | Should -Throw -ErrorId 'ConfigUnknownComponent*' -ExpectedMessage "*did you mean 'Unet'*"
    }

    It 'completes <text>' -ForEach @(
        @{ text = 'New-SegConfig -Loss Di'; found = 'DiceLoss' }
        @{ text = 'New-SegConfig -Network '; found = 'Unet' }
        @{ text = 'New-SegConfig -SliceAxis '; found = 'sagittal' }
        @{ text = 'New-SegConfig -Set batch'; found = "@{ 'training_parameters.batch_size' = }" }
    ) {
        $completion = [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null)
        $completion.CompletionMatches.CompletionText | Should -Contain $found
    }

    It 'has help with examples and says what it returns' {
        $help = Get-Help New-SegConfig
        $help.Examples.Example.Count | Should -BeGreaterOrEqual 2
        (Get-Command New-SegConfig).OutputType.Name | Should -Contain 'MedSeg.SegConfig'
    }
}
