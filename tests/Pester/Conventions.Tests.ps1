# What holds for every cmdlet of the module.
BeforeDiscovery {
    . "$PSScriptRoot/Import-TestModule.ps1"
    $module = Get-Module MedSeg
    $commands = @($module.ExportedCmdlets.Values | ForEach-Object { @{ Name = $_.Name; Command = $_ } })
    $parameters = foreach ($command in $commands) {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in $command.Command.Parameters.Values) {
            if ($parameter.Name -notin $common) { @{ Name = $command.Name; Command = $command.Command; Parameter = $parameter; ParameterName = $parameter.Name } }
        }
    }
    $types = @($commands | ForEach-Object { $_.Command.OutputType.Type } | Where-Object { $_.Namespace -eq 'MedSeg' } |
            ForEach-Object { $_.FullName } | ForEach-Object { @{ Type = $_ } })
}

BeforeAll {
    . "$PSScriptRoot/Import-TestModule.ps1"
    $folder = (Get-Module MedSeg).ModuleBase
    # Reads a folder or file, as opposed to naming something to be made.
    function Test-Reads($Command) { $Command.Verb -notin 'New', 'Export' -or $Command.Parameters.ContainsKey('Mask') }
    # The first sentence of the help, as the user sees it.
    function Get-Text($Value) { (@($Value) | ForEach-Object { if ($_.Text) { $_.Text } else { "$_" } }) -join ' ' }
}

Describe 'The module' {
    It 'has cmdlets, and nothing but cmdlets and their aliases' {
        $module = Get-Module MedSeg
        $module.ExportedCmdlets.Count | Should -BeGreaterThan 0
        $module.ExportedFunctions.Count | Should -Be 0
        $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has no type that needs the engine before it can be found' {
        # PowerShell looks at every type when it imports the assembly. A base class, interface or field by value must not be the engine's.
        $assembly = (Get-Module MedSeg).ExportedCmdlets.Values.ImplementingType[0].Assembly
        $flags = [System.Reflection.BindingFlags] 'Instance, Static, Public, NonPublic, DeclaredOnly'
        $foreign = foreach ($type in $assembly.GetTypes()) {
            if ($type.BaseType.Assembly.GetName().Name -eq 'MedSeg.Engine') { "$type derives from $($type.BaseType)" }
            foreach ($interface in $type.GetInterfaces()) {
                if ($interface.Assembly.GetName().Name -eq 'MedSeg.Engine') { "$type implements $interface" }
            }
            foreach ($field in $type.GetFields($flags)) {
                if ($field.FieldType.IsValueType -and $field.FieldType.Assembly.GetName().Name -eq 'MedSeg.Engine') { "$type has the field $field" }
            }
        }
        $foreign -join '; ' | Should -BeNullOrEmpty
    }

    It 'shows <Type> in a table of its own' -ForEach $types {
        $views = [xml] [System.IO.File]::ReadAllText([System.IO.Path]::Combine($folder, 'MedSeg.Format.ps1xml'))
        $views.Configuration.ViewDefinitions.View.ViewSelectedBy.TypeName | Should -Contain $Type
    }
}

Describe '<Name>' -ForEach $commands {
    BeforeAll {
        $help = Get-Help $Name
        $class = $Command.ImplementingType
    }

    It 'has an approved verb' {
        $groups = 'Common', 'Communications', 'Data', 'Diagnostic', 'Lifecycle', 'Other', 'Security'
        $verbs = foreach ($group in $groups) { ([type] "System.Management.Automation.Verbs$group").GetFields().Name }
        $verbs | Should -Contain $Command.Verb
    }

    It 'has a singular noun with the prefix of the module, or an alias that has one' {
        $Command.Noun | Should -Match '^(Seg|Bids)[A-Z]'
        if ($Command.Noun -match 's$') {
            (Get-Module MedSeg).ExportedAliases.Keys | Should -Contain $Name.Substring(0, $Name.Length - 1)
        }
    }

    It 'says what it returns' {
        $Command.OutputType.Count | Should -BeGreaterThan 0
        foreach ($output in $Command.OutputType) { $output.Type | Should -Not -BeNullOrEmpty -Because 'the type must be known' }
    }

    It 'asks before it writes' {
        if ($Command.Parameters.ContainsKey('OutputPath') -or $Command.Verb -eq 'Export' -or $Name -eq 'New-BidsPhantom') {
            $Command.Parameters.Keys | Should -Contain 'WhatIf'
            $Command.Parameters.Keys | Should -Contain 'Confirm'
        }
    }

    It 'takes literal paths where it reads paths' {
        if ($Command.Parameters.ContainsKey('Path') -and (Test-Reads $Command)) {
            $Command.Parameters.Keys | Should -Contain 'LiteralPath'
            $Command.Parameters['LiteralPath'].Aliases | Should -Contain 'PSPath'
        }
    }

    It 'is public and sealed, and its properties are not of the engine' {
        $class.IsPublic | Should -BeTrue
        $class.IsSealed | Should -BeTrue
        foreach ($property in $class.GetProperties()) { $property.PropertyType.Assembly.GetName().Name | Should -Not -Be 'MedSeg.Engine' }
    }

    It 'has help with a synopsis, a description and two examples' {
        $help.Synopsis.Trim() | Should -Match '^[A-Z].+\.$'
        (Get-Text $help.description).Trim().Length | Should -BeGreaterThan 40
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 2
        foreach ($example in $examples) {
            $example.code | Should -Not -BeNullOrEmpty
            Get-Text $example.remarks | Should -Not -BeNullOrEmpty
            $problems = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $problems)
            $problems | Should -BeNullOrEmpty -Because "the example '$($example.code)' must be PowerShell"
        }
    }

    It 'shows itself in its examples' {
        $names = @($Name) + @((Get-Module MedSeg).ExportedAliases.Values | Where-Object { $_.Definition -eq $Name } | ForEach-Object Name)
        foreach ($example in $help.examples.example) {
            @($names | Where-Object { $example.code.Contains($_) }).Count | Should -BeGreaterThan 0 -Because "'$($example.code)' is an example of $Name"
        }
    }

    It 'has a spec file' {
        [System.IO.Path]::Combine($PSScriptRoot, "$Name.Tests.ps1") | Should -Exist
    }
}

Describe '<Name> -<ParameterName>' -ForEach $parameters {
    It 'is in Pascal case and singular' {
        $ParameterName | Should -BeExactly ($ParameterName.Substring(0, 1).ToUpperInvariant() + $ParameterName.Substring(1))
        # Class is singular; Subjects is a count.
        if ($ParameterName -notin 'Class', 'Subjects') { $ParameterName | Should -Not -Match '[^si]s$' }
    }

    It 'has help' {
        $text = @((Get-Help $Name).parameters.parameter | Where-Object { $_.name -eq $ParameterName } | ForEach-Object { Get-Text $_.description })
        ($text -join ' ').Trim() | Should -Match '\.$'
    }
}
