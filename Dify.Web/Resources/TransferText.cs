namespace Dify.Web.Resources;

/// <summary>Texts of importing, setting up and exporting apps.</summary>
internal sealed class TransferText;
