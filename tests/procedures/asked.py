"""What citizens type, and the procedure of the sample that they mean."""

BIRTH, COPIES, CERTIFIED, SIGNATURE = "1.001193", "2.000635", "2.000815", "2.000884"
SINGLE, MARRIAGE, DEATH, DIVORCE = "1.004873", "1.000894", "1.000656", "2.000554"
PERMANENT, TEMPORARY, ABSENT, SPLIT, LEAVING = "1.004222", "1.004194", "1.003677", "1.010038", "1.003197"
CARD, CARD_CHILD, CARD_LOST, CARD_EXCHANGE, IDENTITY = "1.014061", "1.014062", "1.014064", "1.014063", "3.000228"
CORRECTION, BIRTH_INSURANCE, WILL, DEAL = "1.004859", "2.000986", "2.001019", "2.001035"
LAND, DISPUTE, BUILDING, SHOP, SHOP_CLOSED = "1.013978", "1.013967", "1.013225", "1.001612", "1.001266"
POOR, ALLOWANCE, PENSION, FUNERAL, DISABLED = "1.011607", "1.001776", "1.014027", "1.001731", "1.001699"
MERIT, MARTYR, GUARDIAN, ADOPTION = "1.010833", "1.010803", "1.004837", "2.001263"

ASKED: tuple[tuple[str, str], ...] = (
    # Codes, whole and begun.
    ("1.001193", BIRTH),
    ("1001193", BIRTH),
    ("thủ tục 2.000815", CERTIFIED),
    ("000815", CERTIFIED),
    ("3.0002", IDENTITY),
    # Official words, without accents or in capitals.
    ("dang ky khai sinh", BIRTH),
    ("ĐĂNG KÝ KẾT HÔN", MARRIAGE),
    ("xac nhan tinh trang hon nhan", SINGLE),
    ("chung thuc chu ky", SIGNATURE),
    ("giai quyet tranh chap dat dai", DISPUTE),
    # Their own words.
    ("giấy khai sinh", BIRTH),
    ("làm giấy khai sinh cho con", BIRTH),
    ("giay doc than", SINGLE),
    ("cong chung giay to", CERTIFIED),
    ("sao y ban chinh", CERTIFIED),
    ("photo cong chung bang cap", CERTIFIED),
    ("trích lục kết hôn", COPIES),
    ("mất căn cước", CARD_LOST),
    ("cccd cho bé", CARD_CHILD),
    ("cài vneid", IDENTITY),
    ("xin phep xay nha", BUILDING),
    ("mo quan ca phe", SHOP),
    ("người cao tuổi", PENSION),
    ("tien bao tro xa hoi", ALLOWANCE),
    ("so yeu ly lich", SIGNATURE),
    ("ly hôn", DIVORCE),
    ("thờ cúng liệt sỹ", MARTYR),
    ("con thương binh", MERIT),
    ("tam tru tam vang", ABSENT),
    ("bhyt tre em", BIRTH_INSURANCE),
    # Old names, of papers that are no more.
    ("CMND", CARD),
    ("doi chung minh nhan dan", CARD_EXCHANGE),
    ("nhap ho khau", PERMANENT),
    ("tach so ho khau", SPLIT),
    ("cat khau", LEAVING),
    ("so do", LAND),
    ("giay bao tu", DEATH),
    ("giay hon thu", MARRIAGE),
    ("kt3", TEMPORARY),
    # Mistyped, run together, or typed where no input method was on.
    ("khai sinhh", BIRTH),
    ("khia sinh", BIRTH),
    ("dang ki ket hno", MARRIAGE),
    ("chugn thuc ban sao", CERTIFIED),
    ("cang cuoc", CARD),
    ("thuong chu", PERMANENT),
    ("khaisinh", BIRTH),
    ("ddawng kys khai sinh", BIRTH),
    ("hooj khaaur", PERMANENT),
    ("d9ang8 ky1 tam5 tru1", TEMPORARY),
    ("đi chúc", WILL),
    ("nuôi con nuôii", ADOPTION),
    ("giấy khuyết tậtt", DISABLED),
    # Still being typed.
    ("khai t", DEATH),
    ("giam h", GUARDIAN),
    ("mai tan", FUNERAL),
    ("ho ngh", POOR),
    ("chứng thực hợp đ", DEAL),
    ("sửa giấy khai s", CORRECTION),
    ("đóng cửa h", SHOP_CLOSED),
)
