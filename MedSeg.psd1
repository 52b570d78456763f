@{
    RootModule           = 'MedSeg.PowerShell.dll'
    ModuleVersion        = '0.0.0' # Filled in when the module is staged.
    GUID                 = '00d51412-9fb4-4fe1-acbc-ec4b25cc1922'
    Author               = 'MedSeg contributors'
    Copyright            = '(c) MedSeg contributors. MIT licence.'
    Description          = 'Train and use segmentation networks for medical images from PowerShell: BIDS datasets in, masks and metrics out.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    RequiredAssemblies   = @()
    FormatsToProcess     = @('MedSeg.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @('cmdlets') # Filled in when the module is staged.
    AliasesToExport      = @('aliases') # Filled in when the module is staged.
    PrivateData          = @{
        PSData = @{
            Tags       = @('segmentation', 'MRI', 'microscopy', 'BIDS', 'NIfTI', 'deep-learning', 'PSEdition_Core', 'Windows', 'Linux')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
