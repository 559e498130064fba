using MudBlazor;

namespace Dify.Web.Components.Layout;

/// <summary>Colours, type and shape of the product, light and dark; style sheets use its variables only.</summary>
internal static class DifyTheme
{
    private static readonly string[] Fonts =
        ["Inter Variable", "system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];

    public static MudTheme Instance { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2f5fe0",
            PrimaryContrastText = "#ffffff",
            Secondary = "#0e7490",
            Tertiary = "#7c3aed",
            Success = "#117a4b",
            Warning = "#a35a00",
            Error = "#c62f2f",
            Info = "#2f5fe0",
            Background = "#f3f4f7",
            BackgroundGray = "#eaecf1",
            Surface = "#ffffff",
            AppbarBackground = "#f3f4f7",
            AppbarText = "#1b2130",
            DrawerBackground = "#f8f9fb",
            DrawerText = "#3d4557",
            TextPrimary = "#1b2130",
            TextSecondary = "#566076",
            TextDisabled = "#8f98ab",
            ActionDefault = "#566076",
            ActionDisabled = "#9aa2b3",
            ActionDisabledBackground = "#e5e8ee",
            Divider = "#e3e6ec",
            DividerLight = "#eef0f4",
            LinesDefault = "#e3e6ec",
            LinesInputs = "#c9cfda",
            TableLines = "#e9ecf1",
            TableHover = "#f5f7fb",
            HoverOpacity = 0.05,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#86a6ff",
            PrimaryContrastText = "#0d1530",
            Secondary = "#5fc4d8",
            Tertiary = "#b79cff",
            Success = "#5ecb93",
            Warning = "#f0b25a",
            Error = "#ff8d86",
            Info = "#86a6ff",
            Background = "#12151c",
            BackgroundGray = "#0d1016",
            Surface = "#1a1e27",
            AppbarBackground = "#12151c",
            AppbarText = "#e7eaf1",
            DrawerBackground = "#161a22",
            DrawerText = "#c3c9d6",
            TextPrimary = "#e7eaf1",
            TextSecondary = "#a3acbd",
            TextDisabled = "#6b7488",
            ActionDefault = "#a3acbd",
            ActionDisabled = "#5f687b",
            ActionDisabledBackground = "#262c38",
            Divider = "#2a303c",
            DividerLight = "#232833",
            LinesDefault = "#2a303c",
            LinesInputs = "#3a4252",
            TableLines = "#262c38",
            TableHover = "#20252f",
            HoverOpacity = 0.08,
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px", AppbarHeight = "56px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontSize = "1.75rem", FontWeight = "650", LineHeight = "1.25", LetterSpacing = "-0.01em" },
            H2 = new H2Typography { FontSize = "1.375rem", FontWeight = "650", LineHeight = "1.3", LetterSpacing = "-0.01em" },
            H3 = new H3Typography { FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H4 = new H4Typography { FontSize = "1rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H5 = new H5Typography { FontSize = "0.9375rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H6 = new H6Typography { FontSize = "0.875rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontSize = "0.875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontSize = "0.8125rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontSize = "0.75rem", LineHeight = "1.4", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontSize = "0.8125rem", FontWeight = "550", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
            Overline = new OverlineTypography { FontSize = "0.6875rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "0.06em" },
        },
    };
}
