BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"

    # An 8×8 gray PNG, stored without compression, so that specs need no image library.
    function New-TestPicture([string] $Name, [byte] $Level) {
        $raw = [System.IO.MemoryStream]::new()
        foreach ($row in 0..7) {
            $raw.WriteByte(0)
            foreach ($column in 0..7) { $raw.WriteByte($(if ($row -in 2..5 -and $column -in 2..5) { $Level } else { 0 })) }
        }
        $packed = [System.IO.MemoryStream]::new()
        $zlib = [System.IO.Compression.ZLibStream]::new($packed, [System.IO.Compression.CompressionLevel]::Fastest, $true)
        $zlib.Write($raw.ToArray(), 0, $raw.Length)
        $zlib.Dispose()
        $png = [System.Collections.Generic.List[byte]]::new([byte[]] (0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A))
        $chunks = @(@('IHDR', [byte[]] (0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0)), @('IDAT', $packed.ToArray()), @('IEND', [byte[]]::new(0)))
        foreach ($chunk in $chunks) {
            $body = [System.Text.Encoding]::ASCII.GetBytes($chunk[0]) + $chunk[1]
            $length = [System.BitConverter]::GetBytes([System.Net.IPAddress]::HostToNetworkOrder([int] $chunk[1].Length))
            $crc = [uint32]::MaxValue
            foreach ($byte in $body) {
                $crc = $crc -bxor $byte
                foreach ($bit in 0..7) { $crc = if ($crc -band 1) { ($crc -shr 1) -bxor 0xEDB88320u } else { $crc -shr 1 } }
            }
            $check = [System.BitConverter]::GetBytes($crc -bxor [uint32]::MaxValue)
            [System.Array]::Reverse($check)
            $png.AddRange([byte[]] ($length + $body + $check))
        }
        $path = [System.IO.Path]::Combine($TestDrive, $Name)
        [System.IO.File]::WriteAllBytes($path, $png.ToArray())
        $path
    }

    $image = New-TestPicture 'sub-01_SEM.png' 200
    $mask = New-TestPicture 'sub-01_SEM_pred.png' 255
    $reference = New-TestPicture 'sub-01_SEM_seg.png' 255
    $prediction = [MedSeg.SegPrediction] @{
        ImagePath = $image; ImageId = 'sub-01_SEM'; Subject = 'sub-01'; Contrast = 'SEM'; ModelName = 'model'; ModelPath = 'model'; Threshold = 0.5
        Classes = [MedSeg.SegPredictedClass[]] @([MedSeg.SegPredictedClass]::new('axon', '_seg-axon', $mask, $null, $reference, 16, 16))
        OutputPath = [System.IO.Path]::Combine($TestDrive, 'derived'); WallTime = [timespan]::Zero
    }
}

Describe 'Export-SegOverlay' {
    It 'writes a picture of files and returns it' {
        $file = Export-SegOverlay $image -Mask $mask -Reference $reference -Class axon -OutputPath 'TestDrive:/out/check.png'
        $file | Should -BeOfType [System.IO.FileInfo]
        $file.FullName | Should -Be ([System.IO.Path]::Combine($TestDrive, 'out', 'check.png'))
        $file.FullName | Should -Exist
        [System.IO.File]::ReadAllBytes($file.FullName)[1..3] | Should -Be 0x50, 0x4E, 0x47
    }

    It 'takes predictions from the pipeline and puts pictures with them' {
        $file = $prediction | Export-SegOverlay
        $file.FullName | Should -Be ([System.IO.Path]::Combine($TestDrive, 'derived', 'figures', 'sub-01_SEM_overlay.png'))
        $file.FullName | Should -Exist
    }

    It 'names the picture after the image when it is given a folder' {
        ($prediction | Export-SegOverlay -OutputPath 'TestDrive:/folder' -Crop).Name | Should -BeExactly 'sub-01_SEM_overlay.png'
        'TestDrive:/folder/sub-01_SEM_overlay.png' | Should -Exist
    }

    It 'takes names with brackets as literal paths' {
        $odd = New-TestPicture 'image[1].png' 200
        (Export-SegOverlay -LiteralPath $odd -Mask $mask -OutputPath 'TestDrive:/odd.png').FullName | Should -Exist
    }

    It 'writes nothing with -WhatIf' {
        $prediction | Export-SegOverlay -OutputPath 'TestDrive:/never' -WhatIf | Should -BeNullOrEmpty
        'TestDrive:/never' | Should -Not -Exist
    }

    It 'does not replace a picture of the same call' {
        $files = $prediction, $prediction | Export-SegOverlay -OutputPath 'TestDrive:/one.png' -ErrorAction SilentlyContinue -ErrorVariable problems
        $files | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OutputTaken,*'
    }

    It 'does not replace the image or a mask' {
        $bytes = [System.IO.File]::ReadAllBytes($mask)
        foreach ($file in $image, $mask) {
            Export-SegOverlay $image -Mask $mask -OutputPath $file -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'OutputIsInput,*'
        }
        [System.IO.File]::ReadAllBytes($mask) | Should -Be $bytes
    }

    It 'needs a mask or a reference' {
        { Export-SegOverlay $image -OutputPath 'TestDrive:/none.png' -ErrorAction Stop } | Should -Throw -ErrorId 'NoMask,*'
    }

    It 'writes an error for <Problem>' -ForEach @(
        @{ Problem = 'a missing image'; Image = 'none.png'; Mask = 'sub-01_SEM_pred.png'; Id = 'PathNotFound,*' }
        @{ Problem = 'a missing mask'; Image = 'sub-01_SEM.png'; Mask = 'none.png'; Id = 'PathNotFound,*' }
        @{ Problem = 'several images'; Image = 'sub-01_SEM*.png'; Mask = 'sub-01_SEM_pred.png'; Id = 'PathAmbiguous,*' }
    ) {
        Export-SegOverlay "TestDrive:/$Image" -Mask "TestDrive:/$Mask" -OutputPath 'TestDrive:/x.png' -ErrorAction SilentlyContinue -ErrorVariable problems |
            Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike $Id
        'TestDrive:/x.png' | Should -Not -Exist
    }
}
