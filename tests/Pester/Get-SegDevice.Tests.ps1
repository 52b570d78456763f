BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"
}

Describe 'Get-SegDevice' {
    It 'lists the CPU first, with its threads' {
        $device = @(Get-SegDevice)[0]
        $device | Should -BeOfType ([MedSeg.SegDevice])
        $device.Name | Should -Be 'cpu'
        $device.Kind | Should -Be 'Cpu'
        $device.Threads | Should -BeGreaterThan 0
    }

    It 'marks exactly one device as the default' {
        @(Get-SegDevice | Where-Object IsDefault) | Should -HaveCount 1
    }

    It 'tells the versions of the native libraries' {
        $libraries = @(Get-SegDevice)[0].Libraries
        $libraries['libtorch'] | Should -Match '^\d+\.\d+'
        $libraries['onnxruntime'] | Should -Match '^\d+\.\d+'
    }

    It 'leaves Ctrl+C to PowerShell' -Skip:(-not [OperatingSystem]::IsWindows()) {
        # Without this variable the Fortran run-time in libtorch ends the process on Ctrl+C.
        $null = Get-SegDevice
        [Environment]::GetEnvironmentVariable('FOR_DISABLE_CONSOLE_CTRL_HANDLER') | Should -Not -BeNullOrEmpty
    }
}
