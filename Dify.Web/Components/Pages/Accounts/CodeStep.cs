namespace Dify.Web.Components.Pages.Accounts;

/// <summary>The address of the page that asks for a mailed code.</summary>
internal static class CodeStep
{
    // E-mail and token are encoded twice, as Dify's own pages write and read them.
    public static string AddressOf(string email, string token) =>
        $"/reset-password/check-code?email={Twice(email)}&token={Twice(token)}";

    /// <summary>Undoes the inner encoding of a query value.</summary>
    public static string Read(string? value) => Uri.UnescapeDataString(value ?? "");

    private static string Twice(string text) => Uri.EscapeDataString(Uri.EscapeDataString(text));
}
